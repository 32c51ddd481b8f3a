"""`fairzone user …`: accounts from the command line."""

import click
from pydantic import SecretStr, ValidationError
from sqlmodel import select

from server.features.accounts import service
from server.features.accounts.queries import list_accounts
from server.features.accounts.rules import MIN_PASSWORD, is_machine
from server.features.accounts.schemas import NewAccount
from server.infra.command import opened
from server.kernel.errors import FairZoneError
from server.kernel.ids import new_token
from server.kernel.permissions import Role

"""What the broker is told: exactly what turns what it has into what is wanted."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from server.features.enrolment.rules.broker import (
    DEFAULT_ACCESS,
    BrokerAccount,
    Command,
    Present,
    broker_commands,
    is_literal,
    read_present,
)

WALKER = BrokerAccount("nanling.walker-7", "nanling.walker-7", "fz_1", ("fair/v1/n/w/status",), ("fair/v1/n/w/ack",))
ARM = BrokerAccount("nanling.arm-1", "nanling.arm-1", "fz_2", ("fair/v1/n/a/status",), ("fair/v1/n/a/ack",))
ACCESS = dict(DEFAULT_ACCESS)


class Broker:
    """What the plugin does with its commands, as far as it was seen to do with mosquitto 2.0.11."""

    def __init__(self) -> None:
        self.clients: dict[str, Command] = {"admin": {"username": "admin", "textname": "Dynsec admin user"}}
        self.roles: dict[str, Command] = {"admin": {"rolename": "admin", "acls": []}}
        self.access = {
            "publishClientSend": False,
            "publishClientReceive": True,
            "subscribe": False,
            "unsubscribe": True,
        }
        self.kicked: list[str] = []

    def obey(self, commands: list[Command]) -> None:
        """Do what is said, or fail as the plugin would."""
        for command in commands:
            name = command.get("username") or command.get("rolename", "")
            match command["command"]:
                case "createClient":
                    assert name not in self.clients
                    assert all(role["rolename"] in self.roles for role in command["roles"])
                    self.clients[name] = command
                case "deleteClient":
                    del self.clients[name]
                    self.kicked.append(name)
                case "createRole":
                    assert name not in self.roles
                    self.roles[name] = command
                case "modifyRole":
                    self.roles[name].update(command)
                case "deleteRole":
                    del self.roles[name]
                case "setDefaultACLAccess":
                    self.access = {one["acltype"]: one["allow"] for one in command["acls"]}

    @property
    def present(self) -> Present:
        """What it answers when it is asked."""
        acls = [{"acltype": kind, "allow": allow} for kind, allow in self.access.items()]
        return read_present(
            [
                {"command": "listClients", "data": {"clients": list(self.clients.values())}},
                {"command": "listRoles", "data": {"roles": list(self.roles.values())}},
                {"command": "getDefaultACLAccess", "data": {"acls": acls}},
            ]
        )


def test_a_fresh_broker_is_told_everything_and_then_nothing_more() -> None:
    broker = Broker()

    broker.obey(broker_commands([WALKER, ARM], broker.present))

    assert set(broker.clients) == {"admin", "nanling.walker-7", "nanling.arm-1"}
    assert broker.access == ACCESS
    assert broker_commands([WALKER, ARM], broker.present) == []


def test_a_robot_is_bound_to_its_client_id_and_to_its_own_topics() -> None:
    commands = broker_commands([WALKER], Present(access=ACCESS))

    assert commands == [
        {
            "command": "createRole",
            "rolename": "fairzone:nanling.walker-7",
            "acls": [
                {"acltype": "publishClientSend", "topic": "fair/v1/n/w/status", "allow": True},
                {"acltype": "subscribeLiteral", "topic": "fair/v1/n/w/ack", "allow": True},
                {"acltype": "publishClientReceive", "topic": "fair/v1/n/w/ack", "allow": True},
            ],
        },
        {
            "command": "createClient",
            "username": "nanling.walker-7",
            "password": "fz_1",
            "textname": WALKER.mark,
            "roles": [{"rolename": "fairzone:nanling.walker-7"}],
            "clientid": "nanling.walker-7",
        },
    ]


def test_a_new_secret_cuts_off_that_robot_alone() -> None:
    broker = Broker()
    broker.obey(broker_commands([WALKER, ARM], broker.present))

    broker.obey(broker_commands([replace(WALKER, secret="fz_3"), ARM], broker.present))

    assert broker.kicked == ["nanling.walker-7"]
    assert broker.clients["nanling.walker-7"]["password"] == "fz_3"


def test_who_is_wanted_no_more_goes_with_its_role_and_what_others_made_stays() -> None:
    broker = Broker()
    broker.obey([{"command": "createClient", "username": "operator", "roles": []}])
    broker.obey(broker_commands([WALKER, ARM], broker.present))

    broker.obey(broker_commands([ARM], broker.present))

    assert set(broker.clients) == {"admin", "operator", "nanling.arm-1"}
    assert set(broker.roles) == {"admin", "fairzone:nanling.arm-1"}


def test_a_client_of_a_robots_name_that_somebody_else_made_is_made_anew() -> None:
    broker = Broker()
    broker.obey([{"command": "createClient", "username": "nanling.arm-1", "password": "guess", "roles": []}])

    broker.obey(broker_commands([ARM], broker.present))

    assert broker.clients["nanling.arm-1"]["password"] == "fz_2"
    assert broker.kicked == ["nanling.arm-1"]


def test_another_address_changes_the_rights_and_leaves_the_connection() -> None:
    broker = Broker()
    broker.obey(broker_commands([WALKER], broker.present))

    broker.obey(broker_commands([replace(WALKER, publishes=("fair/v1/n/x/status",))], broker.present))

    topics = [one["topic"] for one in broker.roles["fairzone:nanling.walker-7"]["acls"]]
    assert topics == ["fair/v1/n/x/status", "fair/v1/n/w/ack", "fair/v1/n/w/ack"]
    assert broker.kicked == []


def accounts() -> st.SearchStrategy[list[BrokerAccount]]:
    """Robots of a few names, with secrets and topics of a few kinds."""
    topics = st.tuples(st.sampled_from(["t/1", "t/2"]))
    names = st.sampled_from(["a.a", "a.b", "b.a"])
    one = st.builds(BrokerAccount, names, st.sampled_from(["", "c"]), st.sampled_from("xy"), topics, topics)
    return st.lists(one, unique_by=lambda account: account.username)


@given(st.lists(accounts(), max_size=4))
def test_from_any_state_one_round_makes_it_so(wishes: list[list[BrokerAccount]]) -> None:
    broker = Broker()

    for wanted in wishes:
        broker.obey(broker_commands(wanted, broker.present))

        assert broker_commands(wanted, broker.present) == []
        assert set(broker.clients) == {"admin", *(one.username for one in wanted)}


def test_an_answer_in_which_everything_is_missing_is_an_empty_broker() -> None:
    assert read_present([{"command": "listClients", "error": "Not allowed"}, {}]) == Present()


def test_only_a_topic_without_wildcards_names_itself_alone() -> None:
    topics = ["uagv/v2/ACME/r1/state", "uagv/v2/+/+/state", "uagv/v2/#", "uagv/v2/a\0b/state", "", "x" * 201]

    assert [is_literal(topic) for topic in topics] == [True, False, False, False, False, False]

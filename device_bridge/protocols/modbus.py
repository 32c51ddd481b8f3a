"""Modbus: a robot's registers into the report, by the map in its options.

Source: "MODBUS Application Protocol Specification" V1.1b3, section 4 (data model: big-endian registers of 16 bits;
addresses here start at 0, as on the wire). The order of the words of a 32-bit value is every maker's own. Asking is the
transport's part: it reads `blocks` and hands the answers to `hear`.
"""

import math
import struct
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from device_bridge.protocols import mapping
from device_bridge.protocols.adjusting import adjustment_of
from device_bridge.protocols.decoded import Decoded, Malformed, Reading
from device_bridge.protocols.stream import OptionsError, StreamOptions, options_as

Table = Literal["holding", "input", "coil", "discrete"]
RegisterType = Literal["u16", "i16", "u32", "i32", "f32", "bit"]

_WORDS: dict[RegisterType, int] = {"u16": 1, "i16": 1, "u32": 2, "i32": 2, "f32": 2, "bit": 1}
_FORMATS: dict[RegisterType, str] = {"u16": ">H", "i16": ">h", "u32": ">I", "i32": ">i", "f32": ">f", "bit": ">H"}
_NO_VALUE: dict[RegisterType, tuple[int, ...]] = {
    "u16": (0xFFFF,),
    "i16": (0x8000,),
    "u32": (0xFFFF_FFFF,),
    "i32": (0x8000_0000,),
    "f32": (),
    "bit": (),
}
"""What devices answer for a value that they do not have, by custom; a float is then no number (7FC00000)."""
_MOST_AT_ONCE = 120
"""The standard allows 125 registers in one answer."""


class Register(mapping.Rule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value of the robot: where it stands, what it is, and which field it feeds."""

    feeds: str
    address: Annotated[int, Meta(ge=0, le=65_535)]
    table: Table = "holding"
    type: RegisterType = "u16"
    words: Literal["big", "little"] = "big"
    """Which word of a 32-bit value stands first: the high or the low one."""
    bit: Annotated[int, Meta(ge=0, le=15)] | None = None
    """Only this bit of the register."""
    no_value: tuple[int, ...] | None = None
    """What the register holds when there is no value, as it comes over the wire; without it what is usual for its
    type. An empty list lets every number be one."""
    unit: Annotated[str, Meta(max_length=20)] = ""
    """For people: what the scaled value is in."""


class ModbusOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The declaration of a robot that is asked for its registers."""

    registers: Annotated[tuple[Register, ...], Meta(min_length=1, max_length=64)]
    device_id: Annotated[int, Meta(ge=0, le=247)] = 1
    period_s: Annotated[float, Meta(ge=0.05, le=60)] = 1.0
    timeout_s: Annotated[float, Meta(ge=0.02, le=10)] = 0.3
    parity: Literal["N", "E", "O"] = "N"
    stopbits: Literal[1, 2] = 1


class Block(NamedTuple):
    """Registers that are asked for at once."""

    table: Table
    address: int
    length: int


Answers = Mapping[tuple[Table, int], int]
"""What the robot answered: the value of each register or coil by table and address."""


class ModbusMap:
    """One robot's map: what to ask, and what the answers say. Raises `OptionsError`."""

    def __init__(self, options: StreamOptions) -> None:
        self.options = options_as(ModbusOptions, options)
        self._told = adjustment_of(options.values)
        mapping.check_fields(register.feeds for register in self.options.registers)
        self.blocks = _blocks(self.options.registers)
        """What has to be asked; only registers in the map, since a strict device refuses to read others."""
        self._began = False
        twice = {register.feeds for register in self.options.registers if self._feeders(register.feeds) > 1}
        if twice:
            raise OptionsError(
                {
                    "en": f"Two registers feed {sorted(twice)}; one may.",
                    "zh": f"{sorted(twice)} 由两个寄存器提供，只能有一个。",
                }
            )

    def _feeders(self, field: str) -> int:
        return sum(register.feeds == field for register in self.options.registers)

    def hear(self, poll: int, answers: Answers, refused: Mapping[Block, int] = MappingProxyType({})) -> Decoded:
        """What the answers to this poll say; polls without an answer are missing in the numbers.

        A register that was not answered is no value: never the one of the last poll. `refused` has the robot's
        exception by block.
        """
        why = {
            (block.table, block.address + offset): f"Modbus exception {code}"
            for block, code in refused.items()
            for offset in range(block.length)
        }
        fields = {register.feeds: (register, _value(register, answers, why)) for register in self.options.registers}
        heard = mapping.heard(fields, poll, self._told)
        if not isinstance(heard, Reading):
            return heard
        begins, self._began = not self._began, True
        return msgspec.structs.replace(heard, begins=begins)


def raw(blocks: Sequence[Block], answers: Answers) -> bytes:
    """The answers as they came, in the order of the blocks: two bytes a register."""
    return b"".join(
        answers[block.table, block.address + offset].to_bytes(2, "big")
        for block in blocks
        for offset in range(block.length)
        if (block.table, block.address + offset) in answers
    )


def exception(block: Block, code: int) -> Malformed:
    """Say that the robot refused to answer (section 7 of the specification)."""
    last = block.address + block.length - 1
    place = f"{block.table} {block.address}" + (f"-{last}" if block.length > 1 else "")
    return Malformed(
        "modbus-exception",
        {
            "en": f"The robot refuses to read {place}: Modbus exception {code}. Check `registers`.",
            "zh": f"机器人拒绝读取 {place}：Modbus 异常 {code}。请检查 `registers` 中的表和地址。",
        },
    )


def _blocks(registers: Sequence[Register]) -> tuple[Block, ...]:
    """The addresses in the map, joined where one follows the other."""
    wanted = sorted(
        {(register.table, register.address + word) for register in registers for word in range(_WORDS[register.type])}
    )
    blocks: list[Block] = []
    for table, address in wanted:
        last = blocks[-1] if blocks else None
        follows = last is not None and last.table == table and last.address + last.length == address
        if last is not None and follows and last.length < _MOST_AT_ONCE:
            blocks[-1] = last._replace(length=last.length + 1)
        else:
            blocks.append(Block(table, address, 1))
    return tuple(blocks)


def _value(
    register: Register, answers: Answers, why: Mapping[tuple[Table, int], str]
) -> float | int | bool | mapping.NoValue:
    places = [(register.table, register.address + offset) for offset in range(_WORDS[register.type])]
    if any(place not in answers for place in places):
        return mapping.NoValue(next((why[place] for place in places if place in why), ""))
    words = [answers[place] for place in places]
    if register.words == "little":
        words.reverse()
    packed = b"".join(word.to_bytes(2, "big") for word in words)
    if register.bit is None and _says_nothing(register, packed):
        return mapping.NoValue(packed.hex().upper())
    value: float
    (value,) = struct.unpack(_FORMATS[register.type], packed)
    if register.bit is not None:
        return bool(int(value) >> register.bit & 1)
    if register.type == "bit":
        return bool(value)
    return round(value, 6)


def _says_nothing(register: Register, packed: bytes) -> bool:
    """Whether the register holds what means that there is no value, and is not in the table of its values."""
    held = int.from_bytes(packed, "big")
    (value,) = struct.unpack(_FORMATS[register.type], packed)
    if not math.isfinite(value):
        return True
    usual = _NO_VALUE[register.type] if register.no_value is None else register.no_value
    return held in usual and str(value).removesuffix(".0") not in register.values

"""A real photo of an iPhone, made by hand: HEIC with one HEVC block whose samples are written as they are.

The library that the product reads HEIC with cannot write it. HEVC lets a block carry its samples uncompressed
(I_PCM), so that a picture of 32 x 32 needs no encoder: two decisions of the arithmetic coder and 1,536 bytes.
"""

import struct

SIDE = 32


class Bits:
    """Bits one after the other, with the codes of numbers that HEVC uses."""

    def __init__(self) -> None:
        self.bits: list[int] = []

    def u(self, width: int, value: int) -> "Bits":
        self.bits += [(value >> place) & 1 for place in reversed(range(width))]
        return self

    def ue(self, *values: int) -> "Bits":
        for value in values:
            width = (value + 1).bit_length()
            self.u(width - 1, 0).u(width, value + 1)
        return self

    def flags(self, *values: int) -> "Bits":
        self.bits += values
        return self

    def align(self) -> "Bits":
        self.bits += [0] * (-len(self.bits) % 8)
        return self

    def bytes(self) -> bytes:
        self.align()
        return bytes(
            int("".join(map(str, self.bits[start : start + 8])), 2) for start in range(0, len(self.bits), 8)
        )


class Coder:
    """The arithmetic coder of HEVC (9.3.4), as far as one block needs it."""

    def __init__(self, out: Bits) -> None:
        self.out, self.low, self.range, self.is_first, self.outstanding = out, 0, 510, True, 0

    def likely(self, lps_range: int) -> None:
        """The more probable value of a decision, where that leaves the range at 256 or more."""
        self.range -= lps_range
        assert self.range >= 256

    def finish(self) -> None:
        """A one for what ends the coder's part, and the flush that follows it."""
        self.low += self.range - 2
        self.range = 2
        while self.range < 256:
            if self.low < 256:
                self._put(0)
            elif self.low >= 512:
                self.low -= 512
                self._put(1)
            else:
                self.low -= 256
                self.outstanding += 1
            self.range, self.low = self.range << 1, self.low << 1
        self._put((self.low >> 9) & 1)
        self.out.u(2, ((self.low >> 7) & 3) | 1)

    def _put(self, bit: int) -> None:
        if not self.is_first:
            self.out.u(1, bit)
        self.is_first = False
        for _one in range(self.outstanding):
            self.out.u(1, 1 - bit)
        self.outstanding = 0


def heic(luma: int = 120, blue: int = 90, red: int = 170) -> bytes:
    """A photo of one colour with a brighter right half."""
    return _file(_parameter_sets(), _picture(luma, blue, red))


def _profile(bits: Bits) -> Bits:
    return bits.u(8, 3).u(32, 0x70000000).u(4, 0b1001).u(43, 0).u(1, 0).u(8, 30)


def _parameter_sets() -> dict[int, bytes]:
    video = _profile(Bits().u(4, 0).u(2, 3).u(6, 0).u(3, 0).u(1, 1).u(16, 0xFFFF)).u(1, 1)
    video.ue(0, 0, 0).u(6, 0).ue(0).flags(0, 0)
    sequence = _profile(Bits().u(4, 0).u(3, 0).u(1, 1)).ue(0, 1, SIDE, SIDE).u(1, 0).ue(0, 0, 0).u(1, 1)
    # Blocks of 32, never divided; transforms of 4 to 32; no filters.
    sequence.ue(0, 0, 0, 2, 0, 0, 3, 0, 0).flags(0, 0, 0)
    # Uncompressed samples of 8 bits in blocks of 32, left alone by the loop filter.
    sequence.u(1, 1).u(4, 7).u(4, 7).ue(2, 0).u(1, 1).ue(0).flags(0, 0, 0, 0, 0)
    picture = Bits().ue(0, 0).u(7, 0).ue(0, 0, 0).u(3, 0).ue(0, 0).flags(*[0] * 10).ue(0).flags(0, 0)
    return {32: _nal(32, _stop(video)), 33: _nal(33, _stop(sequence)), 34: _nal(34, _stop(picture))}


def _picture(luma: int, blue: int, red: int) -> bytes:
    bits = Bits().flags(1, 0).ue(0, 2, 0).u(1, 1).align()
    coder = Coder(bits)
    coder.likely(240)  # one part: its context starts as even as can be, and the range is 510
    coder.finish()  # the samples come as they are
    bits.align()
    half = SIDE // 2
    for _row in range(SIDE):
        for value in [luma] * half + [min(luma + 60, 235)] * half:
            bits.u(8, value)
    for value in (blue, red):
        for _sample in range(half * half):
            bits.u(8, value)
    Coder(bits).finish()  # the only block of the only slice
    return _nal(20, bits.bytes())


def _stop(bits: Bits) -> bytes:
    return bits.u(1, 1).bytes()


def _nal(kind: int, payload: bytes) -> bytes:
    """A unit with its head; three bytes that look like the mark of a next one are kept apart."""
    out, zeros = bytearray([kind << 1, 1]), 0
    for byte in payload:
        if zeros >= 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out)


def _box(kind: bytes, *parts: bytes, version: int | None = None) -> bytes:
    body = b"".join(parts)
    head = b"" if version is None else struct.pack(">B3x", version)
    return struct.pack(">I", 8 + len(head) + len(body)) + kind + head + body


def _file(sets: dict[int, bytes], picture: bytes) -> bytes:
    arrays = b"".join(struct.pack(">BHH", 0x80 | kind, 1, len(unit)) + unit for kind, unit in sets.items())
    about = struct.pack(">BBI6sB", 1, 3, 0x70000000, b"\x90" + bytes(5), 30)
    about += struct.pack(">HBBBBHBB", 0xF000, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0x0F, len(sets))
    coded = struct.pack(">I", len(picture)) + picture

    def meta(offset: int) -> bytes:
        properties = _box(
            b"ipco", _box(b"hvcC", about, arrays), _box(b"ispe", struct.pack(">II", SIDE, SIDE), version=0)
        )
        uses = _box(b"ipma", struct.pack(">IHBBB", 1, 1, 2, 0x81, 0x02), version=0)
        item = _box(b"infe", struct.pack(">HH", 1, 0), b"hvc1\0", version=2)
        place = struct.pack(">BBHHHHII", 0x44, 0, 1, 1, 0, 1, offset, len(coded))
        return _box(
            b"meta",
            _box(b"hdlr", struct.pack(">I4s12xx", 0, b"pict"), version=0),
            _box(b"pitm", struct.pack(">H", 1), version=0),
            _box(b"iloc", place, version=0),
            _box(b"iinf", struct.pack(">H", 1), item, version=0),
            _box(b"iprp", properties, uses),
            version=0,
        )

    kind = _box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    return kind + meta(len(kind) + len(meta(0)) + 8) + _box(b"mdat", coded)

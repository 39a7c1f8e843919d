#!/usr/bin/env python3
"""Reads a store by FORMAT.md alone, checks all of it and prints one JSON line per event.

Standard library only; zstd heaps are given to the `zstd` program. Written to prove the
specification, not to be fast.
"""

import hashlib
import json
import os
import struct
import subprocess
import sys

TABLE = []
for value in range(256):
    for _ in range(8):
        value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
    TABLE.append(value)


def crc(data):
    value = 0xFFFFFFFF
    for byte in data:
        value = (value >> 8) ^ TABLE[(value ^ byte) & 255]
    return value ^ 0xFFFFFFFF


def check(condition, what):
    if not condition:
        sys.exit("reader.py: " + what)


def u16(data, at):
    return struct.unpack_from("<H", data, at)[0]


def u32(data, at):
    return struct.unpack_from("<I", data, at)[0]


def u64(data, at):
    return struct.unpack_from("<Q", data, at)[0]


def p64(*values):
    return struct.pack("<%dQ" % len(values), *values)


def read_store(path):
    """Section 1.1."""
    data = open(os.path.join(path, "STORE"), "rb").read()
    check(len(data) == 64 and data[:8] == b"ANNALSTO", "no STORE")
    check(u32(data, 60) == crc(data[:60]), "STORE checksum")
    check(u32(data, 8) == 1 and u64(data, 48) < 4, "newer format")
    check(u32(data, 12) == 0 and u32(data, 56) == 0, "STORE zeros")
    return data[16:32]


def read_head(path, store_id):
    """Section 1.2."""
    data = open(os.path.join(path, "HEAD"), "rb").read()
    check(len(data) == 1024, "HEAD length")
    best = None
    for index in range(2):
        slot = data[index * 512:index * 512 + 512]
        valid = (slot[:4] == b"AHD1" and u32(slot, 4) == crc(slot[8:])
                 and slot[48:64] == store_id and u64(slot, 8) % 2 == index
                 and u64(slot, 8) <= 1 << 62)
        if valid and (best is None or u64(slot, 8) > u64(best, 8)):
            best = slot
    check(best is not None, "no valid slot in HEAD")
    return {"position": u64(best, 16), "base": u64(best, 24), "offset": u64(best, 32),
            "salt": u64(best, 40), "chain": best[64:96]}


def heap(codec, disk, raw_length):
    """Section 2.3: codecs."""
    if codec == 0:
        check(len(disk) == raw_length, "heap length")
        return disk
    check(codec == 1, "unknown codec")
    raw = subprocess.run(["zstd", "-dcq"], input=disk, stdout=subprocess.PIPE, check=True).stdout
    check(len(raw) == raw_length, "heap length")
    return raw


def padded(length):
    return (length + 7) // 8 * 8


def names(metadata, count):
    found, at = [], 0
    for _ in range(count):
        length = u16(metadata, at)
        found.append(metadata[at + 2:at + 2 + length].decode())
        at += 2 + length
    check(not any(metadata[at:]) and len(metadata) - at < 8, "padding of the metadata")
    return found


class Segment:
    def __init__(self, path, base, store_id, before):
        """Sections 2.1 and 2.2; `before` is the segment before this one."""
        self.data = data = open(path, "rb").read()
        self.base = base
        check(data[:8] == b"ANNALSEG" and u32(data, 8) == crc(data[12:512]), "segment header")
        check(u32(data, 12) == 1 and not any(data[24:512]), "segment format")
        self.salt = u64(data, 16)
        check(data[512:520] == b"ANNALJOI" and u32(data, 520) == crc(data[524:4096]), "join block")
        check(data[528:544] == store_id and u64(data, 544) == base, "foreign segment")
        self.log_chain = data[576:608]
        self.hides_chain = u32(data, 524) == 1
        check(u32(data, 524) < 2 and not any(data[608:4096]), "join block zeros")
        if before is None:
            check(base == 0 and u64(data, 552) == 2**64 - 1, "first segment")
            check(self.log_chain == bytes(32), "first log chain")
        else:
            check(u64(data, 552) == before.base, "predecessor")
            check(before.gaps or u64(data, 560) == len(before.data), "predecessor's length")
            check(u64(data, 568) == before.salt, "predecessor's salt")
            check(base == before.base + before.events, "gap between segments")
            chain = hashlib.sha256(before.log_chain + (before.chain or b"")).digest()
            known = not before.hides_chain and before.chain is not None
            check(not known or self.log_chain == chain, "log chain")
        self.chain, self.gaps = bytes(32), False  # no chain: after a gap it can be unknown
        self.events = self.batches = 0
        self.index, self.types, self.producers, self.times = [], {}, {}, []

    def read(self, end):
        """All events of the batches before offset `end`."""
        at = 4096
        while at < end and self.data[at:at + 4] == b"ABT1":
            at = yield from self.batch(at)
        if at < len(self.data) and self.data[at:at + 4] == b"AFT1":
            self.footer(at)
            check(end in (at, len(self.data)), "HEAD's offset in a sealed segment")
        else:
            check(at == end, "batches end at %d, not at %d" % (at, end))

    def batch(self, at):
        """Section 2.3."""
        data, header = self.data, self.data[at:at + 192]
        check(u32(header, 4) == crc(header[8:]), "batch header checksum at %d" % at)
        frame = data[at:at + u32(header, 8)]
        check(u64(header, 16) == self.salt and u64(header, 24) == self.events, "batch place")
        check(u64(header, 56) <= at, "fields")
        if u16(header, 110) & 3:
            return self.gap(at, header, frame)
        erased = u16(header, 110) == 4
        check(erased or u16(header, 110) == 0 == u64(header, 120), "flags of a batch")
        count, streams, time = u32(header, 32), u32(header, 36), u64(header, 48)
        metadata = frame[192:192 + u32(header, 12)]
        check(u32(header, 80) == crc(metadata), "metadata checksum")
        start, raw = 192 + len(metadata), []
        for field, codec in ((84, header[108]), (96, header[109])):
            disk = frame[start:start + u32(header, field)]
            check(u32(header, field + 8) == crc(disk), "heap checksum")
            following = start + padded(len(disk))
            check(not any(frame[start + len(disk):following]), "padding")
            raw.append(heap(codec, disk, u32(header, field + 4)))
            start = following
        facts, content = raw
        if erased:
            check(not any(frame[start:-8]), "vacated bytes")
            start = len(frame) - 8
        check(frame[start:] == header[8:12] + b"EBT1", "trailer")

        digest = hashlib.sha256(
            p64(count, len(metadata), len(facts), len(content), u64(header, 64), u64(header, 72))
            + metadata + facts + content).digest()
        if erased:
            # Section 2.7: what was appended can no longer be checked, what is left of it can.
            check(digest[:8] == header[120:128], "digest of what is left")
            digest = header[128:160]
        check(digest == header[128:160], "digest")
        chain = hashlib.sha256((self.chain or b"") + digest + p64(time)).digest()
        check(self.chain is None or chain == header[160:192], "chain hash")
        self.chain = header[160:192]

        types, stages = u16(header, 112), u16(header, 114)
        run, *rest = names(metadata[count * 32:], 1 + types + stages)
        types, stages = rest[:types], rest[types:]
        mask = 0
        for name in types:
            mask |= 1 << (crc(name.encode()) & 63)
        check(mask == u64(header, 40), "type mask")
        self.note(at, header, mask)
        table = u32(header, 116)
        streams = self.streams(facts, streams, table)
        flags = metadata[25:count * 32:32]
        check(erased == any(flag & 2 for flag in flags), "erased records without the batch's flag")
        yield from self.records(metadata, count, facts, content, table, streams, types, stages,
                                run, time)
        self.events += count
        return at + len(frame)

    def gap(self, at, header, frame):
        """Section 2.6: events that are lost."""
        flags, count, length = u16(header, 110), u32(header, 32), u32(header, 96)
        check(flags in (1, 3) and count > 0, "flags of a gap")
        check(u32(header, 12) == 0 and not any(header[36:48]) and not any(header[64:96])
              and not any(header[108:110]) and not any(header[112:128]), "fields of a gap")
        content = frame[192:192 + length]
        check(u32(header, 100) == length and u32(header, 104) == crc(content), "bytes of a gap")
        check(not any(frame[192 + length:-8]) and frame[-8:] == header[8:12] + b"EBT1", "trailer")
        digest = hashlib.sha256(p64(count, 0, 0, length, 0, 0) + content).digest()
        check(digest == header[128:160], "digest of a gap")
        self.gaps = True
        self.chain = header[160:192] if flags == 1 else None
        check(flags == 1 or not any(header[160:192]), "unknown chain hash")
        self.note(at, header, 0)
        self.events += count
        return at + len(frame)

    def streams(self, facts, count, length):
        found, start = [], 4 * count
        for index in range(count):
            end = 4 * count + u32(facts, 4 * index)
            found.append(facts[start:end].decode())
            start = end
        check(start == length, "stream table")
        return found

    def records(self, metadata, count, facts, content, facts_at, streams, types, stages, run, time):
        content_at = 0
        for index in range(count):
            (facts_end, content_end, stream, version, cause, kind, stage, schema,
             flags) = struct.unpack_from("<5I2H2B", metadata, index * 32)
            check(not any(metadata[index * 32 + 26:index * 32 + 32]) and flags < 3, "record zeros")
            position = self.base + self.events + index
            summary = self.types.setdefault(types[kind], [0, time, time])
            summary[:] = [summary[0] + 1, min(summary[1], time), max(summary[2], time)]
            yield {
                "position": position, "time": time, "run": run, "stream": streams[stream],
                "version": version, "type": types[kind], "schema": schema,
                "stage": stages[stage], "cause": position - cause if cause else None,
                "erased": flags == 2, "facts": facts[facts_at:facts_end].hex(),
                "content": content[content_at:content_end].hex() if flags == 1 else None,
            }
            check(flags != 2 or facts[facts_at:facts_end] in (b"", b"\xa0"), "erased facts")
            check(flags == 1 or content_at == content_end, "content without flag")
            facts_at, content_at = facts_end, content_end
        check(facts_at == len(facts) and content_at == len(content), "ends of the heaps")

    def note(self, at, header, mask):
        """What the footer will have to say."""
        time, producer = u64(header, 48), u64(header, 64)
        self.batches += 1
        if not u16(header, 110) & 3:
            self.times.append(time)
        if self.index and at - self.index[-1][1] < 65536:
            self.index[-1][3] |= mask
        else:
            self.index.append([self.events, at, time, mask])
        if producer:
            self.producers[producer] = [u64(header, 72), self.events]

    def footer(self, at):
        """Section 2.5."""
        data = self.data[at:]
        check(u32(data, 4) == crc(data[8:]), "footer checksum")
        flags = self.gaps << 31 | (self.chain is None) << 30
        expected = struct.pack("<II", len(data), len(self.index) | flags)
        times = min(self.times, default=2**64 - 1), max(self.times, default=0)
        expected += p64(self.salt, self.events, self.batches, *times)
        expected += struct.pack("<II", len(self.producers), len(self.types))
        expected += self.chain or bytes(32)
        for entry in self.index:
            expected += p64(*entry)
        for producer in sorted(self.producers):
            expected += p64(producer, *self.producers[producer])
        for name in sorted(self.types, key=str.encode):
            expected += p64(*self.types[name]) + struct.pack("<H", len(name.encode()))
            expected += name.encode()
        room = len(data) - 16 - len(expected) if self.gaps else -len(expected) % 8
        expected += bytes(room) + data[8:12] + b"EFT1"
        check(data[8:] == expected, "footer")


def main(path):
    store_id = read_store(path)
    head = read_head(path, store_id)
    bases = sorted(int(name[:-4]) for name in os.listdir(os.path.join(path, "log"))
                   if name.endswith(".seg"))
    segment = None
    for base in bases:
        name = os.path.join(path, "log", "%020d.seg" % base)
        segment = Segment(name, base, store_id, segment)
        end = head["offset"] if base == head["base"] else len(segment.data)
        for event in segment.read(end):
            print(json.dumps(event, ensure_ascii=False, separators=(",", ":")))
    if segment is None:
        check(not any(head[key] for key in ("position", "base", "offset", "salt")), "empty HEAD")
        return
    check(segment.base == head["base"] and segment.salt == head["salt"], "HEAD's segment")
    check(segment.base + segment.events == head["position"], "HEAD's position")
    check((segment.chain or bytes(32)) == head["chain"], "HEAD's chain")


if __name__ == "__main__":
    main(sys.argv[1])

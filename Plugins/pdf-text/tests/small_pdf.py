"""PDF files for the tests (ISO 32000-1): Helvetica in WinAnsiEncoding, a line of text each."""

import hashlib

# §7.6.3.3: what passwords are filled up with.
PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def rc4(key, content):
    state, other = list(range(256)), 0
    for place in range(256):
        other = (other + state[place] + key[place % len(key)]) % 256
        state[place], state[other] = state[other], state[place]
    written, place, other = bytearray(), 0, 0
    for byte in content:
        place = (place + 1) % 256
        other = (other + state[place]) % 256
        state[place], state[other] = state[other], state[place]
        written.append(byte ^ state[(state[place] + state[other]) % 256])
    return bytes(written)


def literal(text):
    """A string of a page's content."""
    escaped = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"(" + escaped + b")"


def pdf(*pages, password=None, **information):
    """A file of pages, each a list of lines; an empty line is a gap."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"",
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    kids = []
    for lines in pages:
        content = b"BT /F1 12 Tf 72 720 Td 14 TL " + b" ".join(literal(line) + b" Tj T*" for line in lines) + b" ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
                       b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    texts = [b"/%s <%s>" % (key.encode(), ("\ufeff" + value).encode("utf-16-be").hex().encode())
             for key, value in information.items()]
    objects.append(b"<< " + b" ".join(texts) + b" >>")
    trailer = b"/Size %d /Root 1 0 R /Info %d 0 R" % (len(objects) + 1, len(objects))
    if password is not None:
        trailer += locked(password)
    written, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (written + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
            + b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, len(written)))


def locked(password):
    """The standard security handler, revision 2; the strings stay as they are, as nobody comes so far."""
    user = (password.encode() + PADDING)[:32]
    owner = rc4(hashlib.md5(user).digest()[:5], user)
    name, rights = b"0123456789abcdef", (-4).to_bytes(4, "little", signed=True)
    key = hashlib.md5(user + owner + rights + name).digest()[:5]
    return (b" /ID [<%s> <%s>]" % ((name.hex().encode(),) * 2)
            + b" /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" %
            (owner.hex().encode(), rc4(key, PADDING).hex().encode()))

"""Takes memory until something stops it, 16 MiB at a time."""

held = []
while True:
    held.append(bytearray(b"x") * (16 << 20))

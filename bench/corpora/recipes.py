"""How each corpus is put together from unpacked packages. Same packages, same bytes."""

import fnmatch

import records

ELF_MAGIC = b"\x7fELF"


def _regular_files(deb, patterns):
    """Files of a package that match, in a fixed order; hard links once, symlinks never."""
    seen = set()
    for path in sorted(deb.tree.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        inode = path.stat().st_ino
        if inode in seen or not any(fnmatch.fnmatch(str(path), p) for p in patterns):
            continue
        seen.add(inode)
        yield path


def _up_to(cap, pieces):
    """The pieces in order until they make `cap` bytes; the last one may be cut."""
    left = cap
    for piece in pieces:
        if left <= 0:
            return
        yield piece[:left]
        left -= len(piece)


def _in_turn(streams):
    """One piece of each stream, then the next of each, until all have ended."""
    while streams:
        for stream in list(streams):
            piece = next(stream, None)
            if piece is None:
                streams.remove(stream)
            else:
                yield piece


def _contents(wanted, recipe, debs):
    for name, patterns in recipe["packages"].items():
        contents = (path.read_bytes() for path in _regular_files(debs[name], patterns))
        yield from _up_to(recipe["cap_bytes_per_package"], filter(wanted, contents))


def text(debs, recipe):
    return _contents(lambda content: b"\0" not in content, recipe, debs)


def binary(debs, recipe):
    return _contents(lambda content: content.startswith(ELF_MAGIC), recipe, debs)


def json(debs, recipe):
    """Records of all kinds in turn, as a log or a queue would mix them."""
    return _in_turn([
        _up_to(recipe["cap_bytes_per_kind"], records.blocks_of(kind, (
            (debs[name], path)
            for name, patterns in source["packages"].items()
            for path in _regular_files(debs[name], patterns))))
        for kind, source in recipe["kinds"].items()])


def records4k(corpora, recipe):
    """4 KiB pieces, cut at even distances out of the other corpora in turn."""
    size = recipe["piece_bytes"]
    sources = [corpora[name].read_bytes() for name in recipe["cut_from"]]
    per_source = -(-recipe["minimum_bytes"] // (size * len(sources)))
    for index in range(per_source):
        for content in sources:
            at = index * (len(content) // size) // per_source * size
            yield content[at:at + size]


def incompressible(debs, recipe):
    """What the packages carry, still packed: data that is compressed already."""
    payloads = (debs[name].payload() for name in sorted(recipe["packages"]))
    return _up_to(recipe["minimum_bytes"], payloads)

"""Makes the corpora and their manifest in a cache folder, or finds them there."""

import hashlib
import json
import pathlib
import sys

import debs
import recipes

HERE = pathlib.Path(__file__).resolve().parent


def recipe_digest():
    """Changes when what a corpus is made of changes, so that the cache is made again."""
    digest = hashlib.sha256()
    for name in ("sources.json", "recipes.py", "records.py"):
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()


def read_sources():
    """sources.json, where `packages_of` other corpora has become those packages, all files."""
    sources = json.loads((HERE / "sources.json").read_text(encoding="utf-8"))
    for source in sources.values():
        for part in [source, *source.get("kinds", {}).values()]:
            for other in part.get("packages_of", []):
                for name in sources[other]["packages"]:
                    part.setdefault("packages", {})[name] = ["*"]
    return sources


def package_names(source):
    parts = [source, *source.get("kinds", {}).values()]
    return {name for part in parts for name in part.get("packages", {})}


def is_current(folder, manifest):
    """Sizes are compared, not hashes: a second run should cost nothing."""
    if manifest.get("recipe_sha256") != recipe_digest():
        return False
    paths = ((folder / facts["file"], facts["bytes"]) for facts in manifest["corpora"].values())
    return all(path.is_file() and path.stat().st_size == size for path, size in paths)


def write_corpus(path, pieces, minimum):
    unfinished = path.with_suffix(".unfinished")
    with open(unfinished, "wb") as file:
        for piece in pieces:
            file.write(piece)
    size = unfinished.stat().st_size
    if size < minimum:
        raise SystemExit(f"corpora: {path.name} has only {size} bytes, {minimum} are wanted")
    unfinished.rename(path)
    return {"file": path.name, "bytes": size, "sha256": debs.sha256_of(path)}


def make(folder):
    sources = read_sources()
    cache = debs.DebCache(folder)
    packages = {}
    for name in sorted(set().union(*map(package_names, sources.values()))):
        print(f"corpora: package {name}", file=sys.stderr)
        packages[name] = cache.get(name)
    corpora, paths = {}, {}
    for name, source in sources.items():
        print(f"corpora: making {name}", file=sys.stderr)
        pieces = getattr(recipes, name)(paths if "cut_from" in source else packages, source)
        paths[name] = folder / (name + ".bin")
        corpora[name] = write_corpus(paths[name], pieces, source["minimum_bytes"])
        corpora[name]["packages"] = sorted(package_names(source))
    return {
        "recipe_sha256": recipe_digest(),
        "packages": [package.facts() for package in packages.values()],
        "corpora": corpora,
    }


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    manifest_path = folder / "manifest.json"
    if manifest_path.is_file():
        if is_current(folder, json.loads(manifest_path.read_text(encoding="utf-8"))):
            return
    try:
        manifest = make(folder)
    except debs.PackageUnavailable as failure:
        raise SystemExit(f"corpora: {failure}") from None
    unfinished = manifest_path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    unfinished.rename(manifest_path)


if __name__ == "__main__":
    main()

# Where the data files lie: the folder given on the command line, or else that of this script.
DATA = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def missing(what):
    return SystemExit(f"{what} in the folder {DATA}. {SOURCE} Or name the folder: python3 script.py FOLDER")


def unpacked(content):
    """The content of a file, unpacked where it is packed by gzip."""
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


def read_file(name):
    """The content of a data file, unpacked; it must be the one of this run."""
    path = next((path for path in (DATA / name, DATA / pathlib.Path(name).name) if path.is_file()), None)
    if path is None:
        raise missing(f"{name} is not")
    content = unpacked(path.read_bytes())
    if sha256(content) != FILES[name]:
        raise SystemExit(f"{path} has other content than the file that this run was made with. {SOURCE}")
    return content

# Where the data files lie: the folder given on the command line, or else that of this script.
DATA = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent


def read_file(name):
    """The content of a data file, unpacked where it is packed by gzip; it must be the one of this run."""
    places = [DATA / name, DATA / pathlib.Path(name).name]
    path = next((path for path in places if path.is_file()), None)
    if path is None:
        raise SystemExit(f"{name} is not in the folder {DATA}. {SOURCE} Or name the folder: python3 script.py FOLDER")
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    if hashlib.sha256(content).hexdigest() != FILES[name]:
        raise SystemExit(f"{path} has other content than the file that this run was made with. {SOURCE}")
    return content

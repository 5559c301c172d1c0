# --- Predictions -----------------------------------------------------------------------------------------------------


def classify(network, batch):
    """The most probable class of each sample, and its probability."""
    with torch.no_grad():
        probabilities = torch.softmax(network(batch) / TEMPERATURE, dim=1)
    highest, index = probabilities.max(dim=1)
    return [(CLASSES[k], f"{share:.6f}") for k, share in zip(index.tolist(), highest.tolist())]


def load_network():
    network = Network()
    folder = os.path.dirname(os.path.abspath(__file__))
    network.load_state_dict(load_file(os.path.join(folder, "weights.safetensors")))
    return network.eval()


def file_cell(name):
    """A spreadsheet runs a cell that begins so as a formula; "./" keeps it a path to the same file."""
    return "./" + name if name[:1] in ("=", "+", "-", "@", "\t", "\r") else name


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("named", nargs="+", metavar="PATH")
    # <option>
    parser.add_argument("--out", metavar="FILE.csv", help="a new file; by default standard output")
    parser.add_argument("--force", action="store_true", help="replace FILE.csv if it exists")
    asked = parser.parse_args()

    for path in asked.named:
        if not os.path.exists(path):
            parser.error(f"there is nothing at {path}")
    if asked.out is None:
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
        file = sys.stdout
    else:
        try:
            mode = "w" if asked.force else "x"
            file = open(asked.out, mode, encoding="utf-8", errors="backslashreplace", newline="")
        except FileExistsError:
            parser.error(f"{asked.out} exists; --force replaces it")

    with file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["file", "prediction", "probability"])
        unread = predict(load_network(), asked, lambda row: rows.writerow([file_cell(row[0]), *row[1:]]))
    if unread > 0:
        print(f"{unread} could not be read", file=sys.stderr)
    return 1 if unread > 0 else 0


if __name__ == "__main__":
    sys.exit(main())

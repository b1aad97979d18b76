def table(content, rows, label, classes, samples, standardized):
    """The last `rows` lines of a table: the column called `label`, or else the last one, is learned from the others."""
    lines = [line.rstrip("\r") for line in content.decode("utf-8-sig").split("\n") if line.strip()]
    separator = max(",;\t", key=re.sub('"[^"]*"', "", lines[0]).count)
    cells = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator, skipinitialspace=True)]
    column = cells[0].index(label) if label else len(cells[0]) - 1
    chosen = [cells[len(cells) - rows + row] for row in training_rows(rows, samples)]
    targets = [row.pop(column) for row in chosen]
    inputs = np.array([[float(cell) for cell in row] for row in chosen]).T
    return learned(inputs, targets, classes, standardized)

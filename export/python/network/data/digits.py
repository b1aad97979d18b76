def digits(samples):
    """Handwritten digits of 8 x 8 pixels (Alpaydin and Kaynak, 1998, UCI, CC BY 4.0), 64 pixels and the digit a row."""
    table = np.loadtxt(read_file("digits.csv.gz").decode().splitlines(), delimiter=",")
    table = table[training_rows(len(table), samples)]
    return standardize(table[:, :-1].T), one_hot(table[:, -1].astype(int), 10)

if __name__ == "__main__":
    rows, ending = descend()
    print("step loss sharpness step_size")
    for k, *numbers in rows:
        print(k, *(repr(float(number)) for number in numbers))
    print("#", ending)

    try:
        import matplotlib.pyplot as plt
    except ImportError:
        print("# for a plot: pip install matplotlib")
    else:
        k, loss, curvature, eta = np.array(rows).T
        figure, (upper, lower) = plt.subplots(2, 1, sharex=True)
        upper.semilogy(k, loss)
        upper.set_ylabel("loss")
        lower.plot(k, curvature, label="sharpness")
        lower.plot(k, 2 / eta, "--", label="2/η")
        lower.set_xlabel("step")
        lower.legend()
        plt.show()

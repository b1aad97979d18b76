def secant(at):
    """|s|^2, s y and |y|^2 of the last displacement s and the change y of the gradient."""
    s, y = at.x - at.previous.x, at.g - at.previous.g
    return s @ s, s @ y, y @ y

// A multilayer perceptron with tanh or ReLU, trained by gradient descent with a constant step on the mean squared error,
// or half of it per sample: plain JavaScript, written for itself, to be compared with the engine. Each sample goes forward
// and backward on its own.

/**
 * The loss at each of `steps` iterates, added up.
 *
 * `widths` are those of all layers; `weights` stand as in the engine: W₁ row after row, b₁, W₂ and so on; `inputs` and
 * `targets` feature by feature: entry (i, s) at i·n + s.
 */
export function train({ widths, activation, isHalf, weights, inputs, targets }, eta, steps) {
  const x = Float64Array.from(weights);
  const gradient = new Float64Array(x.length);
  const layers = widths.length - 1;
  const n = inputs.length / widths[0];
  const outputs = widths[layers];
  const weight = isHalf ? 1 / n : 2 / (n * outputs);
  const values = widths.map((width) => new Float64Array(width));
  const errors = widths.map((width) => new Float64Array(width));
  const first = [];
  for (let l = 1, at = 0; l <= layers; l += 1) {
    first[l] = at;
    at += widths[l] * (widths[l - 1] + 1);
  }
  let total = 0;
  for (let step = 0; step < steps; step += 1) {
    gradient.fill(0);
    let squares = 0;
    for (let s = 0; s < n; s += 1) {
      for (let i = 0; i < widths[0]; i += 1) values[0][i] = inputs[i * n + s];
      for (let l = 1; l <= layers; l += 1) {
        const [before, now, inner] = [values[l - 1], values[l], widths[l - 1]];
        const biases = first[l] + widths[l] * inner;
        for (let o = 0; o < widths[l]; o += 1) {
          let sum = x[biases + o];
          const row = first[l] + o * inner;
          for (let i = 0; i < inner; i += 1) sum += x[row + i] * before[i];
          now[o] = l === layers ? sum : activation === "tanh" ? Math.tanh(sum) : Math.max(0, sum);
        }
      }
      for (let o = 0; o < outputs; o += 1) {
        const gap = values[layers][o] - targets[o * n + s];
        squares += gap * gap;
        errors[layers][o] = weight * gap;
      }
      for (let l = layers; l >= 1; l -= 1) {
        const [before, inner, now, back] = [values[l - 1], widths[l - 1], errors[l], errors[l - 1]];
        const biases = first[l] + widths[l] * inner;
        back.fill(0);
        for (let o = 0; o < widths[l]; o += 1) {
          const row = first[l] + o * inner;
          const error = now[o];
          gradient[biases + o] += error;
          for (let i = 0; i < inner; i += 1) {
            gradient[row + i] += error * before[i];
            back[i] += error * x[row + i];
          }
        }
        for (let i = 0; i < inner && l > 1; i += 1) back[i] *= activation === "tanh" ? 1 - before[i] * before[i] : before[i] > 0 ? 1 : 0;
      }
    }
    total += 0.5 * weight * squares;
    for (let i = 0; i < x.length; i += 1) x[i] -= eta * gradient[i];
  }
  return total;
}

// The workers of the Atlas: they share the drawings' work, and forget it at once when it is called off.

/** Deaths of workers after which they are not replaced any more. */
const MOST_DEATHS = 8;

export class Crew {
  #workers = [];
  #tasks = [];
  #jobs = 0;
  #deaths = 0;
  #last;
  #script;
  #jobMs;
  #most;
  #complain;

  /**
   * So many workers with a script. A job may take `jobMs`: what is called off ends within about this time, and the picture grows this often;
   * it has at most `most` pixels. `complain` hears of what went wrong, as a sentence.
   */
  constructor({ script = "./worker.js", size, jobMs = 40, most = 1 << 15, complain }) {
    [this.#script, this.#jobMs, this.#most, this.#complain] = [script, jobMs, most, complain];
    for (let i = 0; i < size; i += 1) this.#hire();
  }

  get size() {
    return this.#workers.length;
  }

  /**
   * Has a drawing's pixels computed, in their order. `take(pixels, numbers)` hears of each part, `done(rates)` of the end, `fail(text, isLost)` of an
   * error, after which nothing more comes. Returns a function that calls it off.
   */
  draw(drawing, pixels, { take, done, fail = this.#complain }) {
    const size = drawing.unit;
    const task = { drawing, pixels, next: 0, open: 0, size, take, done, fail, steps: 0, compared: 0, differing: 0, begun: performance.now(), isOff: false };
    this.#tasks.push(task);
    this.#assign();
    return () => {
      task.isOff = true;
      this.#tasks = this.#tasks.filter((other) => other !== task);
    };
  }

  /** Ends the workers. */
  dismiss() {
    for (const { worker } of this.#workers) worker.terminate();
    [this.#workers, this.#tasks] = [[], []];
  }

  #hire() {
    const worker = new Worker(new URL(this.#script, import.meta.url), { type: "module", name: "flatland-atlas" });
    const member = { worker, job: undefined };
    worker.onmessage = ({ data }) => this.#take(member, data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#bury(member, event.message);
    };
    this.#workers.push(member);
  }

  /** A worker has died: another one takes its job over. */
  #bury(member, message) {
    member.worker.terminate();
    this.#workers = this.#workers.filter((other) => other !== member);
    this.#deaths += 1;
    const { job } = member;
    if (job && !job.task.isOff) {
      job.task.pixels = [...job.pixels, ...job.task.pixels.slice(job.task.next)];
      [job.task.next, job.task.open] = [0, job.task.open - 1];
      // What kills a worker may kill the next one.
      job.task.size = job.task.drawing.unit;
      // It may have been the last of the work.
      if (!this.#tasks.includes(job.task)) this.#tasks.push(job.task);
    }
    this.#last = message || "without a message";
    if (this.#deaths <= MOST_DEATHS) this.#hire();
    this.#assign();
  }

  /** No worker is left: what is open, now or later, comes to nothing. */
  #giveUp() {
    const tasks = this.#tasks;
    this.#tasks = [];
    // After the caller has what calls it off.
    queueMicrotask(() => {
      for (const task of tasks.filter(({ isOff }) => !isOff)) {
        task.isOff = true;
        task.fail(`The program of the Atlas stops again and again (${this.#last}). The map stays as it is; change it, or reload the page.`, true);
      }
    });
  }

  #assign() {
    if (this.#workers.length === 0) this.#giveUp();
    for (const member of this.#workers) {
      if (member.job !== undefined) continue;
      // Drawings take turns, so that small multiples grow together.
      const task = this.#tasks.shift();
      if (task === undefined) return;
      const pixels = Uint32Array.from(task.pixels.slice(task.next, task.next + task.size));
      task.next += pixels.length;
      task.open += 1;
      if (task.next < task.pixels.length) this.#tasks.push(task);
      member.job = { id: this.#jobs, task, pixels };
      this.#jobs += 1;
      member.worker.postMessage({ job: member.job.id, drawing: task.drawing, pixels });
    }
  }

  #take(member, { job, numbers, steps, compared = 0, differing = 0, ms, error, isLost }) {
    const { task, pixels, id } = member.job ?? {};
    if (id !== job) return;
    member.job = undefined;
    task.open -= 1;
    if (!task.isOff) {
      if (error !== undefined) {
        this.#tasks = this.#tasks.filter((other) => other !== task);
        task.isOff = true;
        task.fail(error, isLost);
      } else {
        task.steps += steps;
        task.compared += compared;
        task.differing += differing;
        // Twice as many at the most, so that a surprise stays small.
        const fitting = (pixels.length * this.#jobMs) / Math.max(ms, 0.1);
        const { unit } = task.drawing;
        task.size = Math.max(unit, Math.min(Math.round(Math.min(fitting, 2 * task.size) / unit) * unit, this.#most));
        task.take(pixels, numbers);
        if (task.next >= task.pixels.length && task.open === 0) {
          const { steps: all, compared: checked, differing: others } = task;
          task.done({ steps: all, seconds: (performance.now() - task.begun) / 1000, compared: checked, differing: others });
        }
      }
    }
    this.#assign();
  }
}

// The workers of the Atlas: they share the drawings' work, and forget it at once when it is called off.

/** How long a job may take: what is called off ends within about this time, and the picture grows this often. */
const JOB_MS = 40;
/** A cohort of pixels: jobs are multiples of it. */
const COHORT = 64;
const MOST_PIXELS = 1 << 15;
/** Deaths of workers after which they are not replaced any more. */
const MOST_DEATHS = 8;

export class Crew {
  #workers = [];
  #tasks = [];
  #jobs = 0;
  #deaths = 0;
  #complain;

  /** `complain` hears of what went wrong, as a sentence. */
  constructor(size, complain) {
    this.#complain = complain;
    for (let i = 0; i < size; i += 1) this.#hire();
  }

  get size() {
    return this.#workers.length;
  }

  /**
   * Has a drawing's pixels computed, in their order. `take(pixels, numbers, steps)` hears of each part, `done(rates)` of the end.
   * Returns a function that calls it off.
   */
  draw(drawing, pixels, { take, done }) {
    const task = { drawing, pixels, next: 0, open: 0, size: COHORT, take, done, steps: 0, ms: 0, begun: performance.now(), isOff: false };
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
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "flatland-atlas" });
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
      job.task.size = COHORT;
    }
    if (this.#deaths <= MOST_DEATHS) {
      this.#hire();
      this.#assign();
    } else if (this.#workers.length === 0) {
      this.#complain(`The program of the Atlas stops again and again (${message || "without a message"}). The map stays as it is; change it, or reload the page.`);
    }
  }

  #assign() {
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

  #take(member, { job, numbers, steps, ms, error }) {
    const { task, pixels, id } = member.job ?? {};
    if (id !== job) return;
    member.job = undefined;
    task.open -= 1;
    if (!task.isOff) {
      if (error !== undefined) {
        this.#tasks = this.#tasks.filter((other) => other !== task);
        task.isOff = true;
        this.#complain(error);
      } else {
        task.steps += steps;
        task.ms += ms;
        // Twice as many at the most, so that a surprise stays small.
        const fitting = (pixels.length * JOB_MS) / Math.max(ms, 0.1);
        const unit = task.drawing.unit ?? COHORT;
        task.size = Math.max(unit, Math.min(Math.round(Math.min(fitting, 2 * task.size) / unit) * unit, MOST_PIXELS));
        task.take(pixels, numbers);
        if (task.next >= task.pixels.length && task.open === 0) {
          task.done({ steps: task.steps, seconds: (performance.now() - task.begun) / 1000, workers: this.size });
        }
      }
    }
    this.#assign();
  }
}

/** An objective or a policy: its name and its parameters; what is left out takes its default. */
export interface Spec {
  name: string;
  [parameter: string]: number | string | boolean | number[] | Spec | null;
}

/** The experiment: the same document that a link of the page carries and that the command line reads. */
export interface Experiment {
  version: 1;
  objective: Spec;
  /** The first iterate; left out, the objective's own, or for a network what is drawn from `seed`. */
  start?: number[];
  /** One to eight. */
  runs: { policy: Spec; label?: string; changes?: { step: number; policy: Spec }[] }[];
  /** Steps after which every run stops. */
  steps?: number;
  /** When a run stops earlier; `calls` counts evaluations of f, gradients and Hessian-vector products, each as one. */
  stop?: { gradient_norm?: number; loss?: number; calls?: number };
  /** Starts around `start`: how many (2 to 64) and the standard deviation of their coordinates. Drawn by the page; `run` and `Run` here compute `start` alone. */
  ensemble?: { size: number; spread: number };
  seed?: number;
  /** Columns beyond the usual ones, such as "segment", "lambda2" or "l_bb1". */
  columns?: string[];
  /** How well eigenvalues are known where the Hessian is known by its products alone, as with networks. */
  spectrum?: { count?: number; tolerance?: number; every?: number };
  /** For how many steps one above 2/l counts in the column "large". */
  window?: number;
}

/** Rows of a run, column by column: entry `i` belongs to iterate `step + i`. What a row does not have is NaN. */
export interface Columns {
  /** The iterate of the first row. */
  step: number;
  rows: number;
  loss: Float64Array;
  gradientNorm: Float64Array;
  /** λ₁, the algebraically largest eigenvalue of the Hessian. */
  sharpness: Float64Array;
  /** η, about to be used at this iterate; NaN on a last row that takes no step. */
  stepSize: Float64Array;
  /** The λ₁ above which the method is unstable on a quadratic: 2/η for plain gradient descent. */
  threshold: Float64Array;
  /** η·λ₁. */
  product: Float64Array;
  /** R_k, where the policy has one. */
  reference: Float64Array;
  /** Trial steps of a line search. */
  trials: Float64Array;
  /** Evaluations so far, those for choosing this row's step included. */
  functionEvaluations: Float64Array;
  gradientEvaluations: Float64Array;
  hvpEvaluations: Float64Array;
  /** The coordinates of the iterates: `x[j][i]`; none where the start is drawn. */
  x: Float64Array[];
  /** The columns that the experiment asks for, by name. */
  columns: Record<string, Float64Array>;
}

/** Something that happened to a run: it crossed its threshold, or another phase began. With the values at that iterate. */
export interface RunEvent {
  step: number;
  /** "above the threshold", "below the threshold", or a phase: "progressive sharpening", "period-2 orbit", … */
  event: string;
  loss: number;
  sharpness: number;
  stepSize: number | null;
  /** 2λ₁/threshold, which crosses 2 at the method's own edge: η·λ₁ for plain gradient descent. */
  product: number | null;
}

/** How a run ended. */
export interface Outcome {
  kind: "converged" | "diverged" | "unbounded" | "stalled" | "budget";
  /** What a converged run has converged to. */
  limit?: "minimum" | "flat minimum" | "saddle" | "maximum" | "plateau" | "unknown";
  step: number;
  sentence: string;
}

/** What `run` returns. */
export interface Result {
  /** The experiment with everything checked. */
  experiment: Experiment;
  runs: (Columns & { title: string; events: RunEvent[]; outcome: Outcome })[];
}

/** A parameter in the catalogue. */
export interface Parameter {
  key: string;
  symbol: string;
  help: string;
  type: "number" | "optional-number" | "choice" | "text" | "numbers" | "flag" | "part";
  default?: number | string | boolean | number[];
  absent?: string;
  valid?: string;
  /** Words to choose from, or for a part what it can be. */
  options?: string[] | CatalogueItem[];
}

/** An entry of the catalogue. */
export interface CatalogueItem {
  name: string;
  title: string;
  short: string;
  latex: string;
  summary: string;
  source: string;
  parameters: Parameter[];
}

/** An objective in the catalogue; its facts are those of its default parameters. */
export interface CatalogueObjective extends CatalogueItem {
  start: number[];
  /** A constant step that shows the phenomenon from there. */
  constantStep: number;
  /** The infimum of f, null where it is not known. */
  minimum: number | null;
  /** The least sharpness among the points where f is at its minimum, null where it is not known or there are none. */
  flattestSharpness: number | null;
}

/** Everything there is. */
export interface Catalogue {
  objectives: CatalogueObjective[];
  networks: (CatalogueItem & { constantStep: number })[];
  /** What networks learn from; `files` are to be given to `addData` under these names. */
  data: (CatalogueItem & { files: string[] })[];
  policies: CatalogueItem[];
}

/** One run, advanced as far as is asked for. */
export class Run {
  /** @throws Error with a property `field` if the experiment is not valid. */
  constructor(experiment: Experiment | string, index?: number);
  /** Computes up to `rows` further iterates. */
  advance(rows: number): Columns;
  /** The iterate of the last row: all variables, or all weights and biases of a network. */
  readonly iterate: Float64Array;
  /** What has happened so far. */
  readonly events: RunEvent[];
  /** How the run ended; undefined while it goes on. */
  readonly outcome: Outcome | undefined;
  /** Gives the memory back. */
  free(): void;
}

/** Computes a whole experiment. @throws Error with a property `field` if it is not valid. */
export function run(experiment: Experiment | string): Result;

/**
 * Keeps a file that networks learn from, gzipped or not: a shipped one under its name in the
 * catalogue's `files`, one of your own under its SHA-256 or its path, as the experiment names it.
 * @throws Error if the bytes are not those that the name stands for.
 */
export function addData(name: string, bytes: Uint8Array): void;

/** The objectives and policies with their parameters, and what networks learn from. */
export function list(): Catalogue;

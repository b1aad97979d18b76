/** What the Lab shows. */
export interface LabState {
  experiment: unknown;
  title: string;
  link: string;
  step: number;
  frontier: number;
  playing: boolean;
  runs: { name: string; phase: string }[];
}

/**
 * `<flatland-lab>`: the Lab inside of a page. Attributes: `src` (where the Lab is), `experiment`
 * (JSON) or `link`, `show` (such as "chart2,controls"), `autoplay`. Events: ready, step, phase,
 * experiment, state, error, each with what the frame tells as its `detail`.
 */
export class FlatlandLab extends HTMLElement {
  play(): void;
  pause(): void;
  step(by?: number): void;
  goto(step: number): void;
  set(what: { experiment: unknown } | { link: string }): void;
  state(): Promise<LabState>;
}

declare global {
  interface HTMLElementTagNameMap {
    "flatland-lab": FlatlandLab;
  }
}

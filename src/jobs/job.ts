/** What every job is: a name, and work that is handed the world and its input. */

export interface Job<Deps, Input, Output> {
  readonly name: string;
  run(deps: Deps, input: Input): Promise<Output>;
}

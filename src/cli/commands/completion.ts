/** `singura completion SHELL`: a script that completes commands, options and their choices in bash, zsh or fish. */

import { Argument, type Command } from "commander";
import type { CliCommand } from "#cli/app.ts";
import { EXIT } from "#kit/error.ts";

export const completionCommand: CliCommand = {
  name: "completion",
  declare(program, deps, done) {
    program
      .command("completion")
      .description("print a completion script for your shell")
      .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
      .addHelpText(
        "after",
        `
Examples:
  singura completion bash > ~/.local/share/bash-completion/completions/singura
  singura completion zsh > "\${fpath[1]}/_singura"
  singura completion fish > ~/.config/fish/completions/singura.fish`,
      )
      .action((shell: string) =>
        done(
          (async () => {
            const words = wordsOf(program);
            const script =
              shell === "fish" ? fish(words) : shell === "zsh" ? zsh(words) : bash(words);
            await deps.out(script);
            return EXIT.ok;
          })(),
        ),
      );
  },
};

interface CommandWords {
  /** `scan`, `catalog lookup` … */
  name: string;
  description: string;
  options: { flag: string; description: string; choices: readonly string[] }[];
  /** Choices of the first argument, if it has any. */
  choices: readonly string[];
}

/** Every command of the program with its options, read from the program itself so that the script is never out of date. */
function wordsOf(program: Command): CommandWords[] {
  return program.commands.flatMap((command) => [
    {
      name: command.name(),
      description: command.description(),
      options: command.options.map(({ long, short, description, argChoices }) => ({
        flag: long ?? short ?? "",
        description,
        choices: argChoices ?? [],
      })),
      choices: [
        ...command.commands.map((child) => child.name()),
        ...(command.registeredArguments[0]?.argChoices ?? []),
      ],
    },
  ]);
}

function bash(words: readonly CommandWords[]): string {
  const cases = words.map(({ name, options, choices }) => {
    const values = options
      .filter((option) => option.choices.length > 0)
      .map(
        (option) =>
          `      ${option.flag}) COMPREPLY=($(compgen -W "${option.choices.join(" ")}" -- "$word")); return ;;`,
      );
    const flags = options.map(({ flag }) => flag).join(" ");
    return `    ${name})
      case "$before" in
${values.join("\n") || "      --none) ;;"}
      esac
      if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "${flags} --help" -- "$word"))
      else COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$word") $(compgen -f -- "$word")); fi ;;`;
  });
  return `# bash completion for singura
_singura() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${words.map(({ name }) => name).join(" ")} help --help --version" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
}
complete -o filenames -F _singura singura
`;
}

function zsh(words: readonly CommandWords[]): string {
  const cases = words.map(({ name, options, choices }) => {
    const specs = options.map(({ flag, description, choices: values }) => {
      const value = values.length > 0 ? `:value:(${values.join(" ")})` : "";
      return `      '${flag}[${plain(description)}]${value}'`;
    });
    const rest = choices.length > 0 ? `'1:what:(${choices.join(" ")})'` : "'*:file:_files'";
    return `    ${name}) _arguments \\\n${[...specs, `      ${rest}`].join(" \\\n")} ;;`;
  });
  const names = words.map(({ name, description }) => `    '${name}:${plain(description)}'`);
  return `#compdef singura
_singura() {
  local -a commands=(
${names.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join("\n")}
  esac
}
compdef _singura singura
`;
}

/** Without what zsh and fish would read as syntax. */
function plain(text: string): string {
  return text
    .replaceAll(/['[\]:`$\\]/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

function fish(words: readonly CommandWords[]): string {
  const lines = words.flatMap(({ name, description, options, choices }) => [
    `complete -c singura -n __fish_use_subcommand -a ${name} -d '${plain(description)}'`,
    ...options.map(({ flag, description: what, choices: values }) => {
      const value = values.length > 0 ? ` -x -a '${values.join(" ")}'` : "";
      return `complete -c singura -n '__fish_seen_subcommand_from ${name}' -l ${flag.replace(/^--/, "")}${value} -d '${plain(what)}'`;
    }),
    ...(choices.length > 0
      ? [
          `complete -c singura -f -n '__fish_seen_subcommand_from ${name}' -a '${choices.join(" ")}'`,
        ]
      : []),
  ]);
  return `# fish completion for singura\n${lines.join("\n")}\n`;
}

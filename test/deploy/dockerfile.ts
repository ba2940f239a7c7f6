/** One instruction of a Dockerfile, continuation lines joined. */
export interface Instruction {
  readonly keyword: string;
  readonly text: string;
}

/** One `FROM` and what follows it. */
export interface Stage {
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** @returns the stages of a Dockerfile; `ARG`s before the first one are left out. */
export function readDockerfile(text: string): readonly Stage[] {
  const joined = text.replaceAll(/^#.*\n/gm, '').replaceAll(/\\\n\s*/g, ' ');
  const instructions = joined.split('\n').flatMap((line) => {
    const match = /^([A-Z]+)\s+(.+)$/.exec(line.trim());
    return match === null ? [] : [{ keyword: match[1] ?? '', text: match[2] ?? '' }];
  });
  const stages: { name: string; instructions: Instruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM')
      stages.push({ name: / AS (\w+)$/.exec(instruction.text)?.[1] ?? '', instructions: [] });
    else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

/** @returns the texts of all instructions of one kind. */
export function textsOf(stage: Stage, keyword: string): readonly string[] {
  return stage.instructions.filter((one) => one.keyword === keyword).map(({ text }) => text);
}

/** @returns names that the `ENV` instructions of a stage set. */
export function environmentOf(stage: Stage): readonly string[] {
  return textsOf(stage, 'ENV').flatMap((text) =>
    [...text.matchAll(/(\w+)=/g)].map(([, name = '']) => name),
  );
}

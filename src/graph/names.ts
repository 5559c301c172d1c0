/** What nodes are called, so that the recorder and the program mean the same ones. */

/** Variables change; resident tensors are written once. Both live in the session. */
export type Kind = 'variable' | 'resident'

/** The node that stands for the place where a tensor is kept. */
export function handleOf(kind: Kind, name: string): string {
  return `${kind}/${name}`
}

/** The node that reads it. */
export function readOf(kind: Kind, name: string): string {
  return `${kind}/${name}/read`
}

/** The node that is fed an input of a step. */
export function inputOf(step: string, input: string): string {
  return `${step}/input/${input}`
}

/** The node at which a recording finds the input. */
export function copyOf(placeholder: string): string {
  return `${placeholder}/copy`
}

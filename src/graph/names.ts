/** Names of nodes, shared by the recorder and the program. */

/** Variables change; resident tensors are written once. Both are held in the session. */
export type Kind = 'variable' | 'resident'

/** The node that holds a tensor. */
export function handleOf(kind: Kind, name: string): string {
  return `${kind}/${name}`
}

/** The node that reads the tensor. */
export function readOf(kind: Kind, name: string): string {
  return `${kind}/${name}/read`
}

/** The node to which an input of a step is fed. */
export function inputOf(step: string, input: string): string {
  return `${step}/input/${input}`
}

/** The copy of an input, which a recording uses. */
export function copyOf(placeholder: string): string {
  return `${placeholder}/copy`
}

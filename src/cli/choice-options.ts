/** The options of `datasets` for the choices of the reading. The window has a control for each choice instead. */
import type { Choices } from '../contract/reading'
import type { Say } from '../language/words'

/** Null: decided by the path that is given. */
const options: Readonly<Record<keyof Choices, string | null>> = {
  skipUndecodable: '--skip-undecodable',
  followLinks: '--follow-links',
  root: '--root FOLDER',
  within: null,
  set: '--subset NAME',
  labelColumn: '--label-column NAME',
  arrays: '--arrays images=A,labels=B,test-images=C,test-labels=D',
  layout: '--layout LAYOUT',
  stretch: '--stretch',
}

/** A sentence to append to the one of an error or a note; empty if no option decides. */
export function decidedBy(choice: keyof Choices, say: Say): string {
  const option = options[choice]
  return option === null ? '' : ` ${say('option-decides', { option })}`
}

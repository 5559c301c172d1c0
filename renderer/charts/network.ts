/** What the network picture can say. */
export type NetworkName = 'MS' | 'MT' | 'C' | 'D'

/** `idle`: not in use now; `absent`: this method has none. */
export type NetworkState = 'frozen' | 'learning' | 'idle' | 'absent'

/** Where data goes: from the inputs through the encoders to classifier and discriminator. */
export type Flow = 'xs-MS' | 'xt-MT' | 'MS-C' | 'MS-D' | 'MT-D' | 'MT-C'

/** A loss, and the network that its gradient moves; on its way it may pass through others that stand still. */
export interface LossFlow {
  readonly name: 'L(D)' | 'L(MT)'
  readonly moves: 'D' | 'MT'
}

export interface NetworkPhase {
  readonly states: Readonly<Record<NetworkName, NetworkState>>
  readonly flows: ReadonlySet<Flow>
}

/** The picture of a phase of training; `measuring` is how the target accuracy comes about. */
export function networkPhase(
  phase: 'source' | 'adaptation' | 'measuring' | 'none',
  hasDiscriminator: boolean,
): NetworkPhase {
  const D = hasDiscriminator ? 'idle' : 'absent'
  switch (phase) {
    case 'source':
      return {
        states: { MS: 'learning', C: 'learning', MT: 'idle', D },
        flows: new Set(['xs-MS', 'MS-C']),
      }
    case 'adaptation':
      return {
        states: { MS: 'frozen', C: 'frozen', MT: 'learning', D: hasDiscriminator ? 'learning' : 'absent' },
        flows: new Set(
          hasDiscriminator ? ['xs-MS', 'xt-MT', 'MS-D', 'MT-D', 'MT-C'] : ['xs-MS', 'MS-C', 'xt-MT', 'MT-C'],
        ),
      }
    case 'measuring':
      return {
        states: { MS: 'frozen', C: 'frozen', MT: 'frozen', D: hasDiscriminator ? 'frozen' : 'absent' },
        flows: new Set(['xs-MS', 'MS-C', 'xt-MT', 'MT-C']),
      }
    case 'none':
      return { states: { MS: 'idle', C: 'idle', MT: 'idle', D }, flows: new Set(['xs-MS', 'xt-MT']) }
  }
}

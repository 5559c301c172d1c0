/** What the network picture can say. */
import type { MethodDeclaration } from '../../src/contract/method'

export type NetworkName = 'MS' | 'MT' | 'C' | 'D'

/** `idle`: not in use now; `absent`: this method has none. */
export type NetworkState = 'frozen' | 'learning' | 'idle' | 'absent'

/** Where data goes: from the inputs through the encoders to classifier and discriminator. */
export type Flow = 'xs-MS' | 'xs-MT' | 'xt-MT' | 'MS-C' | 'MS-D' | 'MT-D' | 'MT-C'

/** A loss, and the network that its gradient moves; on its way it may pass through others that stand still. */
export interface LossFlow {
  readonly name: 'L(D)' | 'L(MT)'
  readonly moves: 'D' | 'MT'
}

export interface NetworkPhase {
  readonly states: Readonly<Record<NetworkName, NetworkState>>
  readonly flows: ReadonlySet<Flow>
}

/** What of a method the picture shows. */
export type Pictured = Pick<MethodDeclaration, 'role' | 'networks' | 'discriminator' | 'sourceJudge'>

/** The picture of a phase of training; `measuring` is how the target accuracy comes about. */
export function networkPhase(
  phase: 'source' | 'adaptation' | 'measuring' | 'none',
  method: Pictured,
): NetworkPhase {
  const D = method.discriminator ? 'idle' : 'absent'
  switch (phase) {
    case 'source':
      return {
        states: { MS: 'learning', C: 'learning', MT: 'idle', D },
        flows: new Set(['xs-MS', 'MS-C']),
      }
    case 'adaptation':
      return adapting(method)
    case 'measuring':
      return {
        states: { MS: 'frozen', C: 'frozen', MT: 'frozen', D: method.discriminator ? 'frozen' : 'absent' },
        flows: new Set([
          ...(method.sourceJudge === 'MT' ? (['xs-MT'] as const) : (['xs-MS', 'MS-C'] as const)),
          'xt-MT',
          'MT-C',
        ]),
      }
    case 'none':
      return { states: { MS: 'idle', C: 'idle', MT: 'idle', D }, flows: new Set(['xs-MS', 'xt-MT']) }
  }
}

function adapting(method: Pictured): NetworkPhase {
  const D = method.discriminator ? 'learning' : 'absent'
  const toD = (flow: Flow): Flow[] => (method.discriminator ? [flow] : [])
  const fromTarget: readonly Flow[] = ['xt-MT', 'MT-C', ...toD('MT-D')]
  // One encoder for both domains: MS has had its part, and C learns on where the method has a classifier of its own.
  if (method.sourceJudge === 'MT') {
    const C = method.networks.includes('target_classifier') ? 'learning' : 'frozen'
    const fromSource: readonly Flow[] = method.role === 'reference' ? [] : ['xs-MT']
    return {
      states: { MS: 'idle', C, MT: 'learning', D },
      flows: new Set([...fromSource, ...fromTarget]),
    }
  }
  const fromSource: readonly Flow[] = method.discriminator ? ['xs-MS', 'MS-D'] : ['xs-MS', 'MS-C']
  return {
    states: { MS: 'frozen', C: 'frozen', MT: 'learning', D },
    flows: new Set([...fromSource, ...fromTarget]),
  }
}

/** The states and data flows that the network picture shows in each phase. */
import type { MethodDeclaration } from '../../src/contract/method'

export type NetworkName = 'MS' | 'MT' | 'C' | 'D'

/** `idle`: not used in this phase; `absent`: the method has no such network. */
export type NetworkState = 'frozen' | 'learning' | 'idle' | 'absent'

/** Data flows: from the inputs through the encoders to classifier and discriminator. */
export type Flow = 'xs-MS' | 'xs-MT' | 'xt-MT' | 'MS-C' | 'MS-D' | 'MT-D' | 'MT-C'

/** A loss and the network that it updates; the gradient may pass through other networks, which do not change. */
export interface LossFlow {
  readonly name: 'L(D)' | 'L(MT)'
  readonly moves: 'D' | 'MT'
}

export interface NetworkPhase {
  readonly states: Readonly<Record<NetworkName, NetworkState>>
  readonly flows: ReadonlySet<Flow>
}

/** The part of a method's declaration that the picture depends on. */
export type Pictured = Pick<MethodDeclaration, 'role' | 'networks' | 'discriminator' | 'sourceJudge'>

/** The picture for a phase of training; `measuring` shows how the target accuracy is computed. */
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
  // One encoder for both domains: MS is no longer used, and C keeps learning if the method has a classifier of its
  // own.
  if (method.sourceJudge === 'MT') {
    const C = method.networks.some(({ id }) => id === 'target_classifier') ? 'learning' : 'frozen'
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

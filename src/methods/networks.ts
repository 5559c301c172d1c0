/** The networks that methods declare, each id once; files of other programs are searched for them. */
import type { AddedNetwork } from '../networks/added'
import { methods } from './registry'

/** Methods that declare one id declare the same tensors; a test compares them. */
export const declaredNetworks: readonly AddedNetwork[] = [
  ...new Map(
    methods.flatMap(({ declaration }) => declaration.networks.map((network) => [network.id, network])),
  ).values(),
]

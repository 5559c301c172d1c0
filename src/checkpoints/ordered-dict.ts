/** Python's `collections.OrderedDict`, as a pickle makes it. */
import { isList, textOf, type Callable, type Pickled } from './pickle'

/** Limit for all dicts of a file together: a pickle can pass the same long list any number of times. */
const maxPairs = 10_000

/** For the dicts of one file. Python 3 fills an empty one item by item; Python 2 passes a list of pairs. */
export function orderedDict(): Callable {
  let pairsLeft = maxPairs
  return (pairs) => {
    const dict = new Map<string, Pickled>()
    if (isList(pairs)) pairsLeft -= pairs.length
    if (pairsLeft < 0) throw new Error('an OrderedDict of too many pairs')
    for (const pair of isList(pairs) ? pairs : []) {
      const [key, value] = isList(pair) ? pair : []
      const name = textOf(key)
      if (name === null || value === undefined) throw new Error('an OrderedDict of what are no pairs')
      dict.set(name, value)
    }
    return dict
  }
}

/**
 * Runs V8's garbage collector. V8 collects arrays once there are many of them and does not count the memory that
 * TensorFlow holds. Without this call, over 100 MB left from reading images would stay through the whole source stage,
 * and over 20 MB left from writing a round's checkpoint would stay until a later round.
 */
import v8 from 'v8'
import vm from 'vm'

export const collectGarbage = collector()

function collector(): () => void {
  v8.setFlagsFromString('--expose-gc')
  const collect = vm.runInNewContext('gc') as () => void
  v8.setFlagsFromString('--no-expose-gc')
  return collect
}

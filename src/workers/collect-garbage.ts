/**
 * JavaScript frees its arrays when they have become many, and does not know what TensorFlow holds beside them. So
 * what reading images leaves behind, over 100 MB, would stay through the whole source stage, and the copies that
 * become a round's checkpoint, over 20 MB, until some later round.
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

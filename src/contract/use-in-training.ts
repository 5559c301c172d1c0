/** Whether the training of a run used the images on which its checkpoint is evaluated. */
import type { Domain, Experiment } from './experiment'

/** Partition and split, such as `original/test`: a key of the dataset's `classCounts`. */
export type Part = string

/** How training used images: with labels, without labels, or some of them with or without labels. */
export type Use = 'labels' | 'noLabels' | 'someLabels' | 'someNoLabels'

interface Evaluated {
  readonly dataset: string
  readonly part: Part
  readonly classes: Domain['classes']
}

/** How much of the evaluated images a domain takes. The two partitions mix training and test images. */
function takenBy(domain: Domain, { dataset, part, classes }: Evaluated): 'all' | 'some' | 'none' {
  const shared = classes.filter((name) => domain.classes.includes(name))
  if (domain.dataset !== dataset || shared.length === 0) return 'none'
  const [partition, split] = part.split('/')
  if (domain.partition !== partition) return 'some'
  if (domain.split !== split) return 'none'
  const { count, rarest, perClass } = domain
  const takesEach = count === 'all' && rarest === 1 && perClass === null
  return shared.length === classes.length && takesEach ? 'all' : 'some'
}

/** How the run's training used the evaluated images; null if it did not. */
export function useInTraining(
  { source, target, adaptation }: Pick<Experiment, 'source' | 'target' | 'adaptation'>,
  evaluated: Evaluated,
): Use | null {
  const bySource = takenBy(source, evaluated)
  if (bySource !== 'none') return bySource === 'all' ? 'labels' : 'someLabels'
  const byTarget = takenBy(target, evaluated)
  if (byTarget === 'none') return null
  if (adaptation.shots > 0 || adaptation.labels.length > 0) return 'someLabels'
  return byTarget === 'all' ? 'noLabels' : 'someNoLabels'
}

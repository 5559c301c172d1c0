/** A run as lines of text, one per event, in the format of the article's program. */
import type { Attempt, RecordedEvent, RoundEvent } from '../contract/record'
import type { Say } from '../language/words'
import { accuracy, duration, estimated, loss, losses, rate } from './numbers'

function roundLine(event: RoundEvent, say: Say): string {
  const { source, target, unseenTarget, discriminatorAccuracy, labelFree, estimate } = event.measures
  const measured = {
    target: accuracy(target?.accuracy ?? null),
    best: accuracy(target?.accuracyBestPairing ?? null),
    unseen: unseenTarget === null ? '' : say('round-unseen', { accuracy: accuracy(unseenTarget.accuracy) }),
  }
  const discriminator =
    discriminatorAccuracy === null
      ? ''
      : say('round-discriminator', { accuracy: accuracy(discriminatorAccuracy) })
  const free =
    labelFree === undefined
      ? ''
      : say('round-label-free', {
          information: accuracy(labelFree.mutualInformation),
          agreement: accuracy(labelFree.agreement),
        })
  const guessed =
    estimate === undefined ? '' : say('round-estimated', { accuracy: estimated(estimate.accuracy) })
  if (target === null) {
    const scores = { scores: free, estimate: guessed }
    return event.round === 0
      ? say('round-before-unlabelled', { source: accuracy(source.accuracy), ...scores })
      : say('round-after-unlabelled', { round: event.round, discriminator, ...scores })
  }
  if (event.round === 0) return say('round-before', { source: accuracy(source.accuracy), ...measured })
  return say('round-after', { round: event.round, ...measured, discriminator, free: free + guessed })
}

function attemptLine({ attempt, seed, mutualInformation, agreement, verdict }: Attempt, say: Say): string {
  const scores = { attempt, seed, information: accuracy(mutualInformation), agreement: accuracy(agreement) }
  return say(`attempt-${verdict}`, scores)
}

function featuresLine(event: Extract<RecordedEvent, { type: 'features' }>, say: Say): string {
  const line = say('features-computed', { ...event, time: duration(event.seconds) })
  return event.deleted === 0 ? line : line + say('features-deleted', { deleted: event.deleted })
}

/** The line of one event; null for events that add nothing for the user. */
export function lineOf(event: RecordedEvent, say: Say): string | null {
  switch (event.type) {
    case 'compiled':
      return say('compiled-steps', { time: event.seconds.toFixed(2) })
    case 'eager':
      return say('eager-steps', { code: event.code })
    case 'features':
      return featuresLine(event, say)
    case 'source-loss':
      return say('source-loss', { ...event, loss: loss(event.loss) })
    case 'source-done':
      return say('source-done', { time: duration(event.seconds), rate: rate(event.imagesPerSecond) })
    case 'loss':
      return say('round-loss', { ...event, losses: losses(event.losses) })
    case 'round':
      return roundLine(event, say)
    case 'attempt':
      return attemptLine(event, say)
    case 'started':
    case 'stopped':
    case 'finished':
    case 'failed':
      return null
  }
}

/** Proposes samples for labelling: what the analyst needs beside the user's question. */
import type { CommandInput, CommandOutput } from '../contract/lab'
import type { LabContext } from './context'
import { describe } from './evaluation'
import { pixelScaling } from './presumed'

/** @throws `labels-of-path`, `unknown-dataset`, `pixels-unknown`, and what reading a checkpoint throws */
export async function proposeLabels(
  context: LabContext,
  input: CommandInput<'proposeLabels'>,
): Promise<CommandOutput<'proposeLabels'>> {
  const described = await describe(context, input.checkpoint)
  const pixels = pixelScaling(described, input.pixels, input.checkpoint)
  return context.analyst.ask('proposeLabels', {
    ...input,
    pixels,
    datasets: context.folders().datasets,
    threads: context.threads(),
  })
}

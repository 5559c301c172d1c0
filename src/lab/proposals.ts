/** Proposes samples for labelling: what the analyst needs beside the user's question. */
import type { CommandInput, CommandOutput } from '../contract/lab'
import type { LabContext } from './context'
import { pixelScaling } from './presumed'

/** @throws `labels-of-path`, `unknown-dataset`, `pixels-unknown`, and what reading a checkpoint throws */
export async function proposeLabels(
  { analyst, folders, threads }: LabContext,
  input: CommandInput<'proposeLabels'>,
): Promise<CommandOutput<'proposeLabels'>> {
  const described = await analyst.ask('describeCheckpoint', { path: input.checkpoint })
  const pixels = pixelScaling(described, input.pixels, input.checkpoint)
  return analyst.ask('proposeLabels', {
    ...input,
    pixels,
    datasets: folders().datasets,
    threads: threads(),
  })
}

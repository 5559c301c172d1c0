/** What the parts of the lab service share: settings, methods, workers and folders. */
import type { LabEvent } from '../contract/lab'
import type { Settings } from '../contract/program'
import type { MethodDeclaration } from '../contract/method'
import type { Analyst } from './analyst'
import type { Folders } from './data-folder'
import type { SettingsStore } from './settings'
import type { Trainings } from './training'

export interface LabContext {
  readonly settings: SettingsStore
  readonly methods: readonly MethodDeclaration[]
  readonly trainings: Trainings
  readonly analyst: Analyst
  /** A second analyst for long predictions, so that other questions are answered meanwhile. */
  readonly predictions: Analyst
  /** Folders within the data folder that is currently set. */
  folders(): Folders
  threads(): Settings['threads']
  emit(event: LabEvent): void
}

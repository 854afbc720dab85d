import type { Settings } from '../protocol/settings.ts';
import { askUser } from './askUser.ts';
import { backgroundCommands } from './backgroundCommands.ts';
import { deleteFile } from './deleteFile.ts';
import { editFile } from './editFile.ts';
import { listFiles } from './listFiles.ts';
import { moveFile } from './moveFile.ts';
import { readFile } from './readFile.ts';
import { readOutput } from './readOutput.ts';
import { readProblems } from './readProblems.ts';
import { runCommand } from './runCommand.ts';
import { searchText } from './searchText.ts';
import type { Tool } from './tool.ts';
import { updatePlan } from './updatePlan.ts';
import { writeFile } from './writeFile.ts';

/**
 * The tools, in the order they stand in every window. `all` holds those as well that are switched off, so that a call
 * to one can be refused with its reason.
 */
export function toolbox(settings: Settings, which: 'offered' | 'all'): readonly Tool[] {
  const always = [
    listFiles,
    searchText,
    readFile,
    editFile,
    writeFile,
    deleteFile,
    moveFile,
    readProblems,
    updatePlan,
    askUser,
  ];
  if (which === 'offered' && !settings['commands.enabled']) return always;
  return [...always, runCommand(settings['commands.timeoutSeconds']), readOutput, backgroundCommands];
}

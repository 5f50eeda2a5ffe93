import { onBeforeUnmount } from 'vue'
import { useCommands, type CommandActions } from '../stores/commands.ts'

/** What the open view can do, for menu and palette, as long as it is there. */
export function useViewCommands(actions: CommandActions): void {
  onBeforeUnmount(useCommands().provide(actions))
}

// Names itself as the owner of something, and stays until it is killed.
import { newOwner } from '#db/owner.ts'

process.stdout.write(newOwner())
setInterval(() => {}, 1_000)

import type { Random } from '#shared/random/random.ts'

/** The outline of a leaf around its own centre. */
export interface LeafShape {
  /** No point of the shape is further from the centre, in pixels. */
  reach: number
  /** Distance to the outline in pixels: positive inside, negative outside. */
  depth(x: number, y: number): number
}

/** No shape is thinner than this, in pixels: an outline seen in a patch is mostly one straight edge. */
const leastWidth = 12

/**
 * A rotated rectangle, a convex polygon, a disc or a rotated ellipse, at any angle: straight and round outlines, as
 * the world has them.
 * @param radius of the disc, in pixels; the others have about its area
 */
export function drawShape(radius: number, random: Random): LeafShape {
  const kind = random.uniform()
  const angle = random.uniform() * Math.PI * 2
  if (kind < 0.65) return rectangle(radius, angle, random)
  if (kind < 0.8) return polygon(radius, angle, random)
  if (kind < 0.92) return { reach: radius, depth: (x, y) => radius - Math.hypot(x, y) }
  return ellipse(radius, angle, random)
}

/** Half width and half length of an elongated shape with a disc's area. */
function halves(radius: number, random: Random): [minor: number, major: number] {
  const elongation = 1 + 4 * random.uniform() ** 2
  const minor = Math.max(leastWidth / 2, radius / Math.sqrt(elongation))
  return [minor, Math.max(minor, (radius * radius) / minor)]
}

function rectangle(radius: number, angle: number, random: Random): LeafShape {
  const [minor, major] = halves(radius, random)
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  return {
    reach: Math.hypot(major, minor),
    depth: (x, y) => Math.min(major - Math.abs(x * cos + y * sin), minor - Math.abs(y * cos - x * sin)),
  }
}

function ellipse(radius: number, angle: number, random: Random): LeafShape {
  const [minor, major] = halves(radius, random)
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  return {
    reach: major,
    depth(x, y) {
      const along = (x * cos + y * sin) / major
      const across = (y * cos - x * sin) / minor
      const level = Math.hypot(along, across)
      // First order: how far the level is from 1, over its slope; exact on the outline.
      return level === 0 ? minor : (level * (1 - level)) / Math.hypot(along / major, across / minor)
    },
  }
}

/** Three to six sides that all touch a circle. */
function polygon(radius: number, angle: number, random: Random): LeafShape {
  const count = 3 + random.integer(4)
  const normals = Array.from({ length: count }, (_, side) => {
    const unevenness = 0.2 * (random.uniform() - 0.5)
    return angle + ((side + unevenness) * 2 * Math.PI) / count
  })
  const sides = normals.map((normal) => ({ x: Math.cos(normal), y: Math.sin(normal) }))
  const distance = 0.9 * radius
  const corners = normals.map((normal, side) => {
    const next = side + 1 < count ? normals[side + 1] : normals[0] + 2 * Math.PI
    return distance / Math.cos((next - normal) / 2)
  })
  return {
    reach: Math.max(...corners),
    depth(x, y) {
      let least = Infinity
      for (const side of sides) least = Math.min(least, distance - x * side.x - y * side.y)
      return least
    },
  }
}

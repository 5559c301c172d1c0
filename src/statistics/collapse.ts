/** Detects whether predictions have collapsed into few classes. */

/**
 * The criterion is the diversity, H(mean p) in nat, which uses no labels. Below half of ln K, predictions are as
 * uneven as if only the square root of K classes were in use (with two classes, one has 89 % of the images; with ten,
 * about three are used). Targets with equally frequent classes reach nearly ln K, whatever the pairing of classes. A
 * true imbalance would have to leave the rarer of two classes 11 % to give so low a value.
 */
export function isCollapsed(diversity: number, classes: number): boolean {
  return diversity < Math.log(classes) / 2
}

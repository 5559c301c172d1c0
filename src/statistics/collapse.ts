/** Whether predictions have run together into few classes. */

/**
 * By the diversity, H(mean p) in nat, which uses no label: below half of ln K, predictions are as uneven as if only the
 * square root of K classes were in use (of two classes: one has 89 % of the images; of ten: three are left). Targets
 * with equally frequent classes come to nearly ln K, whichever class is called what; a long tail would have to leave the
 * rarer of two classes 11 % to come as low by right.
 */
export function isCollapsed(diversity: number, classes: number): boolean {
  return diversity < Math.log(classes) / 2
}

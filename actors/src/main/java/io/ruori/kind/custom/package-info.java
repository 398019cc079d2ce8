/** CustomResourceDefinitions, and the kinds that they describe: the same descriptor as built-in ones, made at run time. */
@NullMarked
package io.ruori.kind.custom;

import org.jspecify.annotations.NullMarked;

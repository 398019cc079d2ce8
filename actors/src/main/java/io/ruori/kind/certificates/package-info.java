/** The kinds of certificates.k8s.io: requests for certificates, and what became of them. */
@NullMarked
package io.ruori.kind.certificates;

import org.jspecify.annotations.NullMarked;

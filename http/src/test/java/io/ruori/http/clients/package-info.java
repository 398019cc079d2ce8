/** Clients that others wrote, as their users use them, against a master in this process. */
package io.ruori.http.clients;

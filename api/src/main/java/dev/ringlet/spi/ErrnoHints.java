package dev.ringlet.spi;

import java.util.List;
import java.util.Set;

/**
 * What an error of the kernel usually comes from and what helps, for those where that is known: the
 * one table behind the messages of {@link dev.ringlet.io.IoException} and of a ring that cannot be
 * set up. <b>Thread:</b> any; immutable.
 */
public final class ErrnoHints {
  /** The operation under which the hints for setting up a ring stand. */
  public static final String RING_SETUP = "io_uring_setup";

  private static final Set<String> ANY = Set.of();

  /** Of TCP and Unix listeners, and of UDP and Unix datagram sockets. */
  private static final Set<String> BINDING = Set.of("listen", "bind");

  private record Row(int errno, Set<String> operations, String hint) {
    boolean isFor(int error, String operation) {
      return errno == error && (operations.isEmpty() || operations.contains(operation));
    }
  }

  /** The first that fits counts, so rows for some operations stand before those for any. */
  private static final List<Row> TABLE =
      List.of(
          new Row(
              Errno.ENOSYS,
              Set.of(RING_SETUP),
              "the kernel (or its sandbox) has no io_uring: Linux 6.0 or newer is needed"),
          new Row(
              Errno.EINVAL,
              Set.of(RING_SETUP),
              "the kernel's io_uring is too old: Linux 6.0 or newer is needed"),
          new Row(
              Errno.ENOMEM,
              Set.of(RING_SETUP),
              "locked memory is used up: raise the memlock limit (ulimit -l, LimitMEMLOCK, --ulimit"
                  + " memlock) or use a smaller ring"),
          new Row(
              Errno.EPERM,
              Set.of(RING_SETUP),
              "io_uring is forbidden here: in a container allow it in the seccomp profile, else"
                  + " look at the sysctl kernel.io_uring_disabled"),
          new Row(
              Errno.EACCES,
              Set.of(RING_SETUP),
              "io_uring is forbidden here: allow it in the seccomp profile or the security module"),
          new Row(
              Errno.EMFILE,
              ANY,
              "the process has no file descriptor left: close what is not needed, or raise the"
                  + " nofile limit (ulimit -n, LimitNOFILE, --ulimit nofile)"),
          new Row(
              Errno.ENFILE,
              ANY,
              "the whole system has no file left: raise the sysctl fs.file-max, or look for the"
                  + " process that holds so many"),
          new Row(
              Errno.ENOMEM,
              ANY,
              "the kernel or the virtual machine has no memory left: look at the container's memory"
                  + " limit, at -XX:MaxDirectMemorySize and at ExecutorPool.withBufferMemory"),
          new Row(
              Errno.EADDRINUSE,
              BINDING,
              "somebody has this address already (ss -ltnp tells who, ss -lunp for UDP); several"
                  + " executors can share a port with withSharedPort of ListenOptions or UdpOptions;"
                  + " the file of a Unix socket that is left over is to be deleted"),
          new Row(
              Errno.EADDRINUSE,
              Set.of("connect"),
              "no local port is free: connections in TIME_WAIT hold them; keep connections open, or"
                  + " widen the sysctl net.ipv4.ip_local_port_range"),
          new Row(
              Errno.EADDRNOTAVAIL,
              Set.of("connect"),
              "no local port is free for this destination, or the address is not reachable from"
                  + " here: keep connections open, or widen the sysctl"
                  + " net.ipv4.ip_local_port_range"),
          new Row(
              Errno.EACCES,
              BINDING,
              "ports below the sysctl net.ipv4.ip_unprivileged_port_start (1024 by default) need"
                  + " CAP_NET_BIND_SERVICE: take a higher port or give the process the capability; a"
                  + " Unix socket needs a folder that the process's user may write to"),
          new Row(
              Errno.EACCES,
              Set.of("open"),
              "the process's user may not: look at the permissions of the file and of every folder"
                  + " above it (namei -l)"),
          new Row(
              Errno.ENOSPC,
              ANY,
              "look at the free bytes (df) and at the free inodes (df -i) of the file system"),
          new Row(
              Errno.EDQUOT, ANY, "the user's or project's disk quota is used up (quota, repquota)"),
          new Row(
              Errno.EFBIG,
              ANY,
              "the file system's largest file, or the process's limit (ulimit -f, LimitFSIZE)"),
          new Row(
              Errno.EINVAL,
              Set.of("read", "write"),
              "a file that is opened direct (O_DIRECT) takes only position, length and memory"
                  + " address that are multiples of its block size, 512 or 4096 bytes as a rule"),
          new Row(
              Errno.ETXTBSY,
              ANY,
              "it is a program that runs now: write a new file and rename it over the old one"),
          new Row(
              Errno.ENAMETOOLONG,
              ANY,
              "a name may have 255 bytes and a path 4095, after encoding, on most file systems"),
          new Row(Errno.ELOOP, ANY, "too many symbolic links: they may lead in a circle (namei)"));

  private ErrnoHints() {}

  /**
   * Likely cause and remedy.
   *
   * @param errno the kernel's positive error number
   * @param operation what was tried, as in {@link dev.ringlet.io.IoException#operation()}, or
   *     {@link #RING_SETUP}
   * @return one sentence without a full stop; empty if nothing is known
   */
  public static String of(int errno, String operation) {
    for (Row row : TABLE) {
      if (row.isFor(errno, operation)) {
        return row.hint;
      }
    }
    return "";
  }
}

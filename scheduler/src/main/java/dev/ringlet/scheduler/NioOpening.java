package dev.ringlet.scheduler;

import dev.ringlet.io.FilePermissions;
import dev.ringlet.io.FileStat;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a thread of the pool has opened, on its way to the owner.
 *
 * @param path its name; null if it has none
 * @param appends whether all is written at its end
 * @param stat what it was when it was opened; null if the file system does not tell, or it has no
 *     name to ask by
 */
record NioOpening(
    FileChannel channel, @Nullable Path path, boolean appends, @Nullable FileStat stat) {
  private static final FileAttribute<?>[] AS_ALWAYS = {};

  /** By name, as the package that has it need not be there. */
  private static final String DIRECT_HOME = "com.sun.nio.file.ExtendedOpenOption";

  static NioOpening open(IoRequest request) throws IOException {
    Path path = Objects.requireNonNull(request.path);
    Set<OpenOption> options = options(request.flags);
    if (has(request.flags, IoRequest.OPEN_TEMPORARY)) {
      return new NioOpening(openTemporary(path, options, request.length), null, false, null);
    }
    FileChannel channel = FileChannel.open(path, options, permissions(request.length));
    try {
      boolean direct = has(request.flags, IoRequest.OPEN_DIRECT);
      boolean appends = has(request.flags, IoRequest.OPEN_APPEND);
      return new NioOpening(channel, path, appends, stat(path, direct));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The JDK has no unnamed files; this one loses its name as soon as it is open. */
  private static FileChannel openTemporary(Path directory, Set<OpenOption> options, int bits)
      throws IOException {
    options.add(StandardOpenOption.CREATE_NEW);
    options.add(StandardOpenOption.DELETE_ON_CLOSE);
    Path name = directory.resolve(".ringlet-" + UUID.randomUUID());
    return FileChannel.open(name, options, permissions(bits));
  }

  /** Where nothing is said the JDK's own way is taken: other file systems know no permissions. */
  private static FileAttribute<?>[] permissions(int bits) {
    if (bits == FilePermissions.FILE.bits()) {
      return AS_ALWAYS;
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(new FilePermissions(bits).toSet())
    };
  }

  private static @Nullable FileStat stat(Path path, boolean direct) throws IOException {
    // The JDK wants all direct I/O to be aligned to this, whatever the device could do.
    int alignment = direct ? Math.toIntExact(Files.getFileStore(path).getBlockSize()) : 0;
    try {
      return NioStat.of(path, false, alignment);
    } catch (NioUnsupportedException e) {
      return null; // only asking for it later fails
    }
  }

  private static Set<OpenOption> options(int flags) throws IOException {
    Set<OpenOption> options = new HashSet<>();
    add(options, flags, IoRequest.OPEN_READ, StandardOpenOption.READ);
    add(options, flags, IoRequest.OPEN_WRITE, StandardOpenOption.WRITE);
    add(options, flags, IoRequest.OPEN_CREATE, StandardOpenOption.CREATE);
    add(options, flags, IoRequest.OPEN_CREATE_NEW, StandardOpenOption.CREATE_NEW);
    add(options, flags, IoRequest.OPEN_TRUNCATE, StandardOpenOption.TRUNCATE_EXISTING);
    add(options, flags, IoRequest.OPEN_DATA_SYNC, StandardOpenOption.DSYNC);
    add(options, flags, IoRequest.OPEN_SYNC, StandardOpenOption.SYNC);
    add(options, flags, IoRequest.OPEN_APPEND, StandardOpenOption.APPEND);
    if (has(flags, IoRequest.OPEN_DIRECT)) {
      options.add(direct());
    }
    return options;
  }

  private static void add(Set<OpenOption> options, int flags, int flag, OpenOption option) {
    if (has(flags, flag)) {
      options.add(option);
    }
  }

  private static boolean has(int flags, int flag) {
    return (flags & flag) != 0;
  }

  private static OpenOption direct() throws IOException {
    try {
      for (Object constant : Class.forName(DIRECT_HOME).getEnumConstants()) {
        if (constant.toString().equals("DIRECT")) {
          return (OpenOption) constant;
        }
      }
    } catch (ClassNotFoundException e) {
      throw new NioUnsupportedException(
          "this Java has no direct I/O; add the module jdk.unsupported, or open the file without");
    }
    throw new NioUnsupportedException("this Java has no direct I/O; open the file without");
  }
}

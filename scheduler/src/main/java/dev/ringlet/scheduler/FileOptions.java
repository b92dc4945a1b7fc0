package dev.ringlet.scheduler;

import dev.ringlet.io.FileOption;
import dev.ringlet.io.FilePermissions;
import dev.ringlet.spi.IoRequest;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The options of an open, read and checked. Immutable.
 *
 * @param flags of {@link IoRequest}
 * @param permissions of a file that is made
 * @param deleted whether the name is removed once the file is open
 */
record FileOptions(int flags, FilePermissions permissions, boolean deleted) {
  private static final int MAKING =
      IoRequest.OPEN_CREATE | IoRequest.OPEN_CREATE_NEW | IoRequest.OPEN_TRUNCATE;

  static FileOptions of(OpenOption... options) {
    int flags = 0;
    boolean deleted = false;
    FilePermissions permissions = FilePermissions.FILE;
    for (OpenOption option : options) {
      if (option instanceof FilePermissions given) {
        permissions = given;
      } else if (option == StandardOpenOption.DELETE_ON_CLOSE) {
        deleted = true;
      } else {
        flags |= flag(option);
      }
    }
    check(flags, deleted, options);
    return new FileOptions(complete(flags), permissions, deleted);
  }

  boolean direct() {
    return has(flags, IoRequest.OPEN_DIRECT);
  }

  boolean appends() {
    return has(flags, IoRequest.OPEN_APPEND);
  }

  private static boolean has(int flags, int flag) {
    return (flags & flag) != 0;
  }

  private static int flag(OpenOption option) {
    int flag = 0;
    if (option instanceof StandardOpenOption standard) {
      flag =
          switch (standard) {
            case READ -> IoRequest.OPEN_READ;
            case WRITE -> IoRequest.OPEN_WRITE;
            case APPEND -> IoRequest.OPEN_WRITE | IoRequest.OPEN_APPEND;
            case CREATE -> IoRequest.OPEN_CREATE;
            case CREATE_NEW -> IoRequest.OPEN_CREATE_NEW;
            case TRUNCATE_EXISTING -> IoRequest.OPEN_TRUNCATE;
            case DSYNC -> IoRequest.OPEN_DATA_SYNC;
            case SYNC -> IoRequest.OPEN_SYNC;
            default -> 0;
          };
    } else if (option instanceof FileOption own) {
      flag =
          switch (own) {
            case DIRECT -> IoRequest.OPEN_DIRECT;
            case TEMPORARY -> IoRequest.OPEN_TEMPORARY;
          };
    }
    if (flag == 0) {
      throw new IllegalArgumentException(
          "option: "
              + option
              + " is not supported; give READ, WRITE, APPEND, CREATE, CREATE_NEW,"
              + " TRUNCATE_EXISTING, DELETE_ON_CLOSE, DSYNC, SYNC, a FileOption or"
              + " FilePermissions");
    }
    return flag;
  }

  private static void check(int flags, boolean deleted, OpenOption... options) {
    if (has(flags, IoRequest.OPEN_APPEND)
        && has(flags, IoRequest.OPEN_READ | IoRequest.OPEN_TRUNCATE)) {
      throw new IllegalArgumentException(
          "options: "
              + Arrays.toString(options)
              + "; APPEND goes with neither READ nor TRUNCATE_EXISTING: open the file twice");
    }
    if (has(flags, IoRequest.OPEN_TEMPORARY)
        && (deleted || has(flags, MAKING | IoRequest.OPEN_APPEND))) {
      throw new IllegalArgumentException(
          "options: "
              + Arrays.toString(options)
              + "; TEMPORARY makes a new file without a name: leave out APPEND, CREATE, CREATE_NEW,"
              + " TRUNCATE_EXISTING and DELETE_ON_CLOSE");
    }
  }

  /** As the JDK reads them: what is not for writing is for reading, and makes and cuts nothing. */
  private static int complete(int flags) {
    if (has(flags, IoRequest.OPEN_TEMPORARY)) {
      return flags | IoRequest.OPEN_READ | IoRequest.OPEN_WRITE;
    }
    return has(flags, IoRequest.OPEN_WRITE) ? flags : (flags & ~MAKING) | IoRequest.OPEN_READ;
  }
}

/** What web sites are made of, in the form of `/etc/mime.types`. */
const KNOWN = `
text/html                      html htm shtml
text/css                       css
text/javascript                js mjs
text/plain                     txt text log conf ini
text/csv                       csv
text/markdown                  md markdown
text/calendar                  ics
text/vcard                     vcf
text/vtt                       vtt
text/xml                       xml
application/json               json map
application/ld+json            jsonld
application/manifest+json      webmanifest
application/geo+json           geojson
application/xhtml+xml          xhtml
application/atom+xml           atom
application/rss+xml            rss
application/wasm               wasm
application/pdf                pdf
application/rtf                rtf
application/zip                zip
application/gzip               gz tgz
application/x-bzip2            bz2
application/x-xz               xz
application/x-7z-compressed    7z
application/x-tar              tar
application/zstd               zst
application/epub+zip           epub
application/msword             doc
application/vnd.ms-excel       xls
application/vnd.ms-powerpoint  ppt
application/vnd.openxmlformats-officedocument.wordprocessingml.document    docx
application/vnd.openxmlformats-officedocument.spreadsheetml.sheet          xlsx
application/vnd.openxmlformats-officedocument.presentationml.presentation  pptx
application/vnd.oasis.opendocument.text                                    odt
application/vnd.oasis.opendocument.spreadsheet                             ods
image/svg+xml                  svg
image/png                      png
image/jpeg                     jpg jpeg jpe
image/gif                      gif
image/webp                     webp
image/avif                     avif
image/apng                     apng
image/bmp                      bmp
image/tiff                     tif tiff
image/x-icon                   ico
font/woff                      woff
font/woff2                     woff2
font/ttf                       ttf
font/otf                       otf
audio/mpeg                     mp3
audio/ogg                      ogg oga opus
audio/wav                      wav
audio/flac                     flac
audio/aac                      aac
audio/mp4                      m4a
video/mp4                      mp4 m4v
video/webm                     webm
video/ogg                      ogv
video/quicktime                mov
video/mp2t                     ts
video/x-matroska               mkv
application/vnd.apple.mpegurl  m3u8
`;

/** Bytes of which nothing is known. */
const UNKNOWN = 'application/octet-stream';

/** Tells the Content-Type of a file from its name. */
export type TypeOf = (path: string) => string;

/** `texts` are of the form of `/etc/mime.types`; the last one that knows an ending is right. */
export function createTypeOf(texts: readonly string[]): TypeOf {
  const types = new Map([KNOWN, ...texts].flatMap(readTypes));
  return (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const dot = name.lastIndexOf('.');
    const type = dot < 0 ? undefined : types.get(name.slice(dot + 1).toLowerCase());
    if (type === undefined) return UNKNOWN;
    return type.startsWith('text/') ? `${type}; charset=utf-8` : type;
  };
}

/** Endings and types; what is no type is left out, since it would stand in a header. */
function readTypes(text: string): [string, string][] {
  return text.split('\n').flatMap((line) => {
    const [type = '', ...endings] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    if (!/^[\w!$&^.+-]+\/[\w!$&^.+-]+$/.test(type)) return [];
    return endings.map((ending): [string, string] => [ending.toLowerCase(), type]);
  });
}

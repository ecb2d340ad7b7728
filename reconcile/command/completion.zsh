#compdef notiform
# Completion of notiform for zsh: source <(notiform completion zsh) behind compinit, or save it as
# _notiform in a folder of $fpath.

_notiform() {
    local line
    local -a plain open
    local -i files=0
    for line in "${(@f)$("${(Q)words[1]/#\~/$HOME}" __complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null </dev/null)}"; do
        case $line in
        '') ;;
        :files) files=1 ;;
        *=) open+=("$line") ;;
        *) plain+=("${line/$'\t'/:}") ;;
        esac
    done
    (( $#plain )) && _describe -V word plain
    (( $#open )) && _describe -V word open -S ''
    if (( files )); then
        compset -P '*='
        _files
    fi
}

if [[ $funcstack[1] == _notiform ]]; then
    _notiform "$@"
else
    compdef _notiform notiform
fi

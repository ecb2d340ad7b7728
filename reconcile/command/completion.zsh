#compdef notiform
# Completion of notiform for zsh: source <(notiform completion zsh) behind compinit, or save it as
# _notiform in a folder of $fpath.

_notiform() {
    local line word
    local -a plain plainly open openly
    local -i files=0
    for line in "${(@f)$("${(Q)words[1]/#\~/$HOME}" __complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null </dev/null)}"; do
        word=${line%%$'\t'*}
        line=${line/$'\t'/  -- }
        case $word in
        '') ;;
        :files) files=1 ;;
        *=) open+=("$word") openly+=("$line") ;;
        *) plain+=("$word") plainly+=("$line") ;;
        esac
    done
    (( $#plain )) && compadd -l -d plainly -a plain
    (( $#open )) && compadd -l -S '' -d openly -a open
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
